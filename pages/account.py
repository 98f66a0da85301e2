"""Account: who am I here, and what may I do? Only where people sign in."""

from pages.components import signin

signin.account()
