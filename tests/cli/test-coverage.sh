# What no case reached.
verdict test --coverage policies/examples policies/guard-rails
