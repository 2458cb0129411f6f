# GoShare's bodies as Cap'n Proto: fmt=capnp, content type application/capnp.
#
# Every body, of a request or a reply, is one message whose root is a Body, in the standard framing (the segment table,
# then the segments; not packed). Which member it has depends on the verb: docs/protocol.md says where points, a table
# or a value stand. What stands beside the body (the cursor of the next page, notes, the code of an error) are words of
# the transport: headers over HTTP, frame 0 over ZeroMQ.
#
# * Times are nanoseconds since 1970 in UTC, always: precision= and times= do not touch them.
# * Paths, tags, names and text are Data: UTF-8 as a rule, and kept byte for byte where it is not.
# * A decimal that remembers its digits (0.50) is told as its double.
# * A message of more than 512 segments, or one that points at the same words again and again, is refused.
#
# Try it:  capnp decode goshare.capnp Body < body.bin
@0xd2f2e6a1c3b45f97;

struct Body {
  union {
    points @0 :Points;
    table @1 :Table;   # key/value rows, results, and errors
    value @2 :Value;   # what a key holds
  }
}

struct Value {
  union {
    nothing @0 :Void;  # in a table an empty cell, among a series' values no point
    float @1 :Float64;
    integer @2 :Int64;
    boolean @3 :Bool;
    text @4 :Data;
    blob @5 :Data;
  }
}

struct Tag {
  name @0 :Data;
  value @1 :Data;
}

# Points as columns, as rows, or both; a query's reply has rows, or series where shape=columns asks for them.
struct Points {
  series @0 :List(Series);
  rows @1 :List(Point);
}

# Points of one series: times[i] goes with value i. Values are "values" where they are of several types. No times at all
# leaves the time of each to the server, as does the time -2^63 of one.
struct Series {
  path @0 :Data;  # cpu:usage, escaped as everywhere
  tags @1 :List(Tag);
  times @2 :List(Int64);
  union {
    values @3 :List(Value);
    floats @4 :List(Float64);
    integers @5 :List(Int64);
    booleans @6 :List(Bool);
    texts @7 :List(Data);
    blobs @8 :List(Data);
  }
}

# One point. No time leaves it to the server.
struct Point {
  path @0 :Data;
  tags @1 :List(Tag);
  time @2 :Int64 = -9223372036854775808;
  value @3 :Value;
}

# Rows of named columns; each row has as many cells as there are columns. An error is a table of one row with the columns
# code, message, field, row, retry and request; field, row and request may be nothing.
struct Table {
  columns @0 :List(Column);
  rows @1 :List(Row);
}

struct Column {
  name @0 :Data;
  type @1 :Type;

  enum Type {
    value @0;
    time @1;  # integer cells are nanoseconds since 1970; so they are where the name is time, from, to or ends in _time
  }
}

struct Row {
  cells @0 :List(Value);
}
