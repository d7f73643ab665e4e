"""The launcher behind ./vigil: installs, starts, watches and ends the processes of an instance.

It runs before anything is installed, so it needs nothing but the standard library, and never imports Django.
"""
