VIEW = "view"
