"""proposals — a resident's sentence, and the people who say "me too" (제안과 공감).

1. A proposal is the words of one 의제; every version that was ever public stays readable.
2. A person supports a 의제 at most once; `matter.supports` equals the number of its Support rows.
3. What is withdrawn, archived or passed on keeps its page and says so; supports are never copied to another 의제.
4. A text with a resident number is not taken in; one with a phone number or e-mail only when its writer says so.
"""
