"""REST about accounts: one file per kind of thing, with its serializers. What it does is in the modules beside."""
