

class Account:
    """Money, and who may have it."""

    rate: float = 0.02

    def __init__(self, owner, *, balance=0, **details):
        self.owner = owner
        self.balance = balance
        self.details = {key: str(value) for key, value in details.items() if value is not None}

    @property
    def label(self):
        return f"{self.owner!r}: {self.balance:>10,.2f} ({len(self.details)} details)"

    def deposit(self, amount):
        if not isinstance(amount, (int, float)) or amount <= 0:
            raise ValueError(f"cannot deposit {amount}")
        self.balance += amount
        return self

    def months_until(self, target, limit=1200):
        months, balance = 0, self.balance
        while balance < target and months < limit:
            balance *= 1 + self.rate / 12
            months += 1
        else:
            if months >= limit:
                return None
        return months


def summary(accounts, start=0, stop=None):
    total = sum(account.balance for account in accounts[start:stop])
    largest = max(accounts, key=lambda account: (account.balance, account.owner), default=None)
    match accounts:
        case []:
            kind = "none"
        case [Account(owner=name)]:
            kind = "one of " + name
        case [first, *rest] if len(rest) > 3:
            kind = "many"
        case _:
            kind = "some"
    try:
        share = largest.balance / total
    except (ZeroDivisionError, AttributeError) as error:
        share = 0.0 if error.args else 1.0
    finally:
        del start
    return kind, total, share


async def fetch(session, names):
    async with session as connection:
        async for name in names:
            yield name, await connection.get(name, timeout=3.5)
