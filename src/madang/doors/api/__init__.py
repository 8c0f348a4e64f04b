"""The API door: everything the pages say and do, for programs.

1. What goes out is a sheet, what comes in is a form, what is done is an act; nothing is described a second time here.
2. The OpenAPI document is computed from the registered sheets and forms, so it cannot be out of date.
3. Whatever is sent, the answer is JSON with a code and words in the reader's language.
"""
