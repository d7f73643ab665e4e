"""Connections that Vigil opens because a user named an address: webhooks, mail and MQTT servers, Web Push.

`policy` says which addresses, `deadline` for how long, `http` posts. See docs/decisions/0017-outgoing.md.
"""
