--! Tokens and their errors.
SELECT 'abc
SELECT "abc
SELECT ""
SELECT $$abc
SELECT $a$abc$b$
SELECT /* abc
SELECT /* /* */
SELECT E'abc
SELECT E'abc\
SELECT B'01
SELECT X'01
SELECT b'012'
SELECT x'0g'
SELECT 123abc
SELECT 1e
SELECT 1e+
SELECT 1.5x
SELECT $1a
SELECT 1..2
SELECT 1.a
SELECT .5.5
SELECT E'\u00zz'
SELECT E'\u0041\U00000042\x43\104\'\\\q\t'
SELECT E'\uD83D\uDE00', U&'\D83D\DE00'
SELECT E'\uD83D'
SELECT E'\u0000'
SELECT E'\000'
SELECT E'\xff'
SELECT E'\U00110000'
SELECT U&'\00zz'
SELECT U&'\+000041\\'
SELECT U&'a!0041' UESCAPE '!' 'x'
SELECT U&'a' UESCAPE '+'
SELECT U&'a' UESCAPE x
SELECT U&'a' UESCAPE '!!'
SELECT U&"\0041b" AS U&"!0043" UESCAPE '!'
SELECT @@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@ 1
SELECT 1 +- 2, 1 *-- 2
SELECT 1 <- 2, 1 @- 2, 1 ->> 2
SELECT a=-1, a<>-1, a!=-1, a@>-1
SELECT 'a' -- comment
SELECT {
SELECT \
SELECT a$b, $b
SELECT 'a''b', "a""b"
SELECT aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
SELECT éééééééééééééééééééééééééééééééééééééééé
SELEC 'abc
SELECT 1 WHERE 'abc
