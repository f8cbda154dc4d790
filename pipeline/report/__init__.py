"""The page and the e-mail; they compute nothing that SQL could compute."""
