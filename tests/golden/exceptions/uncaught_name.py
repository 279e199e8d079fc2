def function():
    some_value = 1
    return some_valeu

function()
