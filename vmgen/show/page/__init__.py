"""The page of `vmgen doc`: a module's layouts as data, and the HTML around it."""
