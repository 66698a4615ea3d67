"""Which frames depend on damage: found by a strict decode, by gaps, by what packets say."""
