from datetime import timedelta

import pytest

from monitor import __version__, config
from monitor.errors import ConfigError


@pytest.fixture
def write(tmp_path):
    def _write(text):
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_an_empty_file_gives_the_defaults(write):
    loaded = config.load(write(""))
    assert loaded.site.timezone == "America/Curacao"
    assert loaded.polling.min_interval == timedelta(minutes=15)
    assert loaded.polling.allow_private_hosts == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[polling]\nspeed = 3", ["[polling] speed", "unknown key"], id="unknown key"),
        pytest.param("[weather]\nx = 1", ["weather", "unknown key"], id="unknown table"),
        pytest.param('[polling]\nmin_interval = "soon"', ["min_interval", "15m"], id="bad span"),
        pytest.param('[polling]\nmin_interval = "0s"', ["min_interval", "above zero"], id="zero"),
        pytest.param(
            '[polling]\nmin_interval = "9h"', ["longer than max_interval"], id="impossible interval"
        ),
        pytest.param("[polling]\nworkers = 0", ["[polling] workers", "0"], id="no workers"),
        pytest.param('[site]\ntimezone = "Willemstad"', ["timezone", "America/Curacao"], id="zone"),
        pytest.param(
            '[[feeds]]\nurl = "ftp://x.example"', ["number 1", "ftp://x.example"], id="bad URL"
        ),
        pytest.param('[[feeds]]\nurl = "http://["', ["number 1", "no web address"], id="broken"),
        pytest.param('[[feeds]]\ntitle = "x"', ["number 1 (without url)"], id="feed without URL"),
        pytest.param(
            '[[feeds]]\nurl = "https://a.example"\nlanguage = "fr"', ["language"], id="language"
        ),
        pytest.param("feeds = [3]", ["number 1 (not a table)"], id="a feed that is a number"),
        pytest.param(
            '[[feeds]]\nurl = "https://a.example"\n[[feeds]]\nurl = "https://a.example"',
            ["declared twice"],
            id="twice",
        ),
        pytest.param(
            '[snapshots]\nexpire_after = "99999999999999d"',
            ["expire_after", "36500d"],
            id="for ever",
        ),
        pytest.param(
            "[index]\nthresholds = [130, 175]",
            ["[index]", "thresholds = (130, 175)"],
            id="two steps",
        ),
        pytest.param(
            "[index]\nthresholds = [130, 175, 250, inf]", ["thresholds"], id="an endless step"
        ),
        pytest.param(
            "[index]\ncatch_up_days = -1", ["catch_up_days = -1"], id="a negative constant"
        ),
        pytest.param("[index]\nbase_days = 1e12", ["base_days = 1000000000000"], id="a huge one"),
        pytest.param("[index]\nphi_prior = nan", ["phi_prior = nan"], id="no number"),
        pytest.param("[site\n", ["not valid TOML", "line 1"], id="not TOML"),
        pytest.param("declared = []", ["declared", "unknown key"], id="our own name"),
    ],
)
def test_a_broken_file_names_the_file_the_key_and_the_remedy(write, text, words):
    path = write(text)
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(path))
    assert all(word in message for word in words), message


def test_a_missing_or_unreadable_file_says_what_to_do(tmp_path):
    with pytest.raises(ConfigError, match="--config"):
        config.load(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(tmp_path)


def test_a_feed_keeps_its_id_and_takes_its_title_from_the_host(write):
    loaded = config.load(write('[[feeds]]\nurl = "https://news.example/rss"\ninterval = "10m"'))
    (feed,) = loaded.feeds
    assert feed.title == "news.example"
    assert feed.interval == timedelta(minutes=10)


def test_a_relative_database_lies_beside_the_file(write, monkeypatch, tmp_path):
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    loaded = config.load(write('[storage]\nurl = "sqlite:///data/x.db"'))
    assert loaded.database_url == f"sqlite:///{tmp_path}/data/x.db"
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://db/monitor")
    assert loaded.database_url == "postgresql://db/monitor"
    monkeypatch.chdir(tmp_path / "..")
    here = tmp_path.parent
    assert loaded.with_database("sqlite:///y.db").database_url == f"sqlite:///{here}/y.db"
    monkeypatch.setenv("MONITOR_DATABASE_URL", "sqlite+pysqlite:///./z.db")
    assert loaded.database_url == f"sqlite+pysqlite:///{here}/z.db"


@pytest.mark.parametrize(
    "url", ["sqlite:////srv/m.db", "sqlite:///file:/srv/m.db?mode=ro&uri=true"]
)
def test_an_address_that_names_its_whole_path_stays_as_it_is(write, monkeypatch, url):
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    assert config.load(write(f'[storage]\nurl = "{url}"')).database_url == url


def test_the_file_is_the_one_given_then_the_environment_then_the_folder(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)
    assert config.config_path() == config.ROOT / "config.toml"
    (tmp_path / "config.toml").touch()
    assert config.config_path() == config.Path("config.toml")
    monkeypatch.setenv("MONITOR_CONFIG", "/etc/m.toml")
    assert config.config_path() == config.Path("/etc/m.toml")
    assert config.config_path("mine.toml") == config.Path("mine.toml")


def test_spans_pass_through_unchanged():
    assert config.duration(timedelta(days=1)) == timedelta(days=1)


def test_we_say_who_we_are_and_where_to_reach_us(write):
    loaded = config.load(write('[polling]\ncontact = "desk@example.cw"'))
    assert loaded.user_agent == f"CuracaoSecurityMonitor/{__version__} (+desk@example.cw)"
    assert "(" not in config.load(write("")).user_agent
