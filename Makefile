# Aliases; `./kezhi` is the command.

.PHONY: run test bench

run:
	./kezhi up

test:
	./kezhi test

bench:
	./kezhi bench
