# What no case reached.
verdict test --coverage policies
