"""A small schema of every kind of type, and all that is shown of its layouts."""

from __future__ import annotations

NAME = "demo.vm.yaml"
SCHEMA = """
vmgen: 1
module: demo
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu, i686-pc-windows-msvc]
constants:
  MAGIC: {type: u32, bytes: demo}
  LIMIT: {type: u16, value: 7}
types:
  Tag: {kind: newtype, of: u32}
  State: {kind: enum, tag: u8, variants: {Idle: 0, Busy: 4}}
  Value: {kind: enum, tag: u32, variants: {Nothing: null, Some: u64}}
  Hidden: {kind: opaque}
  Bits: {kind: union, fields: {brief: u16, large: "[u8; 5]"}}
  Calls: {kind: functions, functions: {grow: "(by: u32) -> bool", stop: "()"}}
  Func:
    kind: struct
    fields:
      code: {type: VmPtr<u8>, access: [readonly]}
      tag: Tag
      hidden: Option<VmPtr<Hidden>>
      counters: "[u64; 6]"
      last: u8
  Context:
    kind: context
    align: 16
    counts: [num_tags, num_funcs]
    flags: [has_start]
    fields:
      magic: {type: u32, value: MAGIC}
      func: VmPtr<Func>
    regions:
      tags: "[Tag; num_tags]"
      funcs:
        type: "[Func; num_funcs]"
        align: none
        allow: {misaligned-region: as it has always been}
      start: {type: Tag, when: has_start}
"""

ONE_TARGET = """\
demo on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint cf13f047d948814e

newtype Tag: u32
  size 4, align 4

enum State: u8
  0 = Idle
  4 = Busy
  size 1, align 1

enum Value: u32
    offset  size
         0     4  tag      u32
         4     4  /* 4 bytes hole */
         8     8  payload  ValuePayload
  0 = Nothing
  1 = Some(u64)
  size 16, align 8; 2 fields of 12 bytes; 1 hole of 4 bytes; 1 cache line

opaque Hidden
  known by its address only

union Bits
    offset  size
         0     2  brief  u16
         0     5  large  [u8; 5]
         5     1  /* 1 byte tail padding */
  size 6, align 2; 2 members; tail padding of 1 byte; 1 cache line

functions Calls
    offset  size
         0     8  grow  fn(by: u32) -> bool
         8     8  stop  fn()
  size 16, align 8; 2 slots of 16 bytes; 1 cache line

struct Func
    offset  size
         0     8  code      VmPtr<u8>
         8     4  tag       Tag
        12     4  /* 4 bytes hole */
        16     8  hidden    Option<VmPtr<Hidden>>
        24    48  counters  [u64; 6]
                  /* --- cacheline 1 boundary (64 bytes) was 8 bytes ago --- */
        72     1  last      u8
        73     7  /* 7 bytes tail padding */
  size 80, align 8; 5 fields of 69 bytes; 1 hole of 4 bytes; tail padding of 7 bytes; \
2 cache lines

context Context
    offset  size
         0     4  magic  u32
         4     4  /* 4 bytes hole */
         8     8  func   VmPtr<Func>
  regions, where each begins
    tags = 16
      [Tag; num_tags], 4 bytes each
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 80 bytes each
      misaligned with num_tags = 1: funcs is at 20, 4 mod 8
      allowed: as it has always been
    start = funcs + 80 * num_funcs
      Tag, 4 bytes, if has_start
    size = start + 4 * has_start
  align 16; 2 fields of 12 bytes; 1 hole of 4 bytes
"""

WITH_COUNTS = """\
demo on x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint cf13f047d948814e

context Context
    offset  size
         0     4  magic  u32
         4     4  /* 4 bytes hole */
         8     8  func   VmPtr<Func>
        16    12  tags   [Tag; 3]
        28    80  funcs  [Func; 1]
                  /* misaligned: it begins at 4 mod 8 */
                  /* --- cacheline 1 boundary (64 bytes) was 44 bytes ago --- */
       108     0  start  [Tag; 0]
  size 108, align 16; 5 fields of 104 bytes; 1 hole of 4 bytes; 2 cache lines
"""

SIDE_BY_SIDE = """\
demo; * marks what differs
  A  x86_64-unknown-linux-gnu (64-bit, little-endian), fingerprint cf13f047d948814e
  B  i686-unknown-linux-gnu (32-bit, little-endian), fingerprint 4086e57a68e001ce

struct Func
               A             B
    offset  size  offset  size
*        0     8       0     4  code      VmPtr<u8>
*        8     4       4     4  tag       Tag
*       12     4                /* 4 bytes hole */
*       16     8       8     4  hidden    Option<VmPtr<Hidden>>
*       24    48      12    48  counters  [u64; 6]
*       72     1      60     1  last      u8
*       73     7      61     3  /* tail padding */
*             80            64  size
*              8             4  align

context Context
               A             B
    offset  size  offset  size
         0     4       0     4  magic  u32
*        4     4                /* 4 bytes hole */
*        8     8       4     4  func   VmPtr<Func>
              16            16  align
  regions, where each begins
  * tags = 16  [A]
  * tags = 8  [B]
      [Tag; num_tags], 4 bytes each
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 80 or 64 bytes each
      misaligned with num_tags = 1: funcs is at 20, 4 mod 8  [A]
      allowed: as it has always been
  * start = funcs + 80 * num_funcs  [A]
  * start = funcs + 64 * num_funcs  [B]
      Tag, 4 bytes, if has_start
    size = start + 4 * has_start
"""

ONLY_DIFFERENCES = """\
demo; * marks what differs
  A  i686-unknown-linux-gnu (32-bit, little-endian), fingerprint 4086e57a68e001ce
  B  i686-pc-windows-msvc (32-bit, little-endian), fingerprint 8ca4e371e63a4dae

enum Value: u32
               A             B
    offset  size  offset  size
*                      4     4  /* 4 bytes hole */
*        4     8       8     8  payload  ValuePayload
*             12            16  size
*              4             8  align

struct Func
               A             B
    offset  size  offset  size
*                     12     4  /* 4 bytes hole */
*       12    48      16    48  counters  [u64; 6]
*       60     1      64     1  last      u8
*       61     3      65     7  /* tail padding */
*             64            72  size
*              4             8  align

context Context
  regions, where each begins
    funcs = tags + 4 * num_tags
      [Func; num_funcs], 64 or 72 bytes each
      misaligned with num_tags = 1: funcs is at 12, 4 mod 8  [B]
      allowed: as it has always been
  * start = funcs + 64 * num_funcs  [A]
  * start = funcs + 72 * num_funcs  [B]
      Tag, 4 bytes, if has_start

5 of 8 types are the same on all of these targets
"""

REVIEWED = """\
# @generated by vmgen from demo.vm.yaml. Do not edit.
# Remake it with: vmgen build demo.vm.yaml -o out
#
# `16+4` is a part at offset 16 with 4 bytes, `24/8` a record of 24 bytes aligned to 8.
# A column is for the layout classes named above it; a bare width, as `64`, is for all
# classes of that width that no other column of the type names, `all` for all there are.
# A fingerprint is the module's `LAYOUT_FINGERPRINT` on targets of its line.

class 64
  alignments: pointer 8, u16 2, u32 4, u64 8, u128 16, f32 4, f64 8
  targets: x86_64-unknown-linux-gnu

class 32-u64a4-f64a4
  alignments: pointer 4, u16 2, u32 4, u64 4, u128 16, f32 4, f64 4
  targets: i686-unknown-linux-gnu

class 32
  alignments: pointer 4, u16 2, u32 4, u64 8, u128 16, f32 4, f64 8
  targets: i686-pc-windows-msvc

fingerprints
  cf13f047d948814e  little-endian  64
  4086e57a68e001ce  little-endian  32-u64a4-f64a4
  8ca4e371e63a4dae  little-endian  32

constants
  LIMIT: u16 = 7
  MAGIC: u32 = 0x6f6d6564

union Bits
  all
  6/2       size/align
  0+2       brief: u16
  0+5       large: [u8; 5]
  5+1       (padding)

functions Calls
  64        32
  16/8      8/4       size/align
  0+8       0+4       grow: fn(by: u32) -> bool
  8+8       4+4       stop: fn()

context Context
  64        32
  /16       /16       align
  0+4       0+4       magic: u32 = MAGIC
  4+4       .         (padding)
  8+8       4+4       func: VmPtr<Func>
  region tags: [Tag; num_tags]
  region funcs: [Func; num_funcs]
  region start: Tag when has_start
  offsets on 64
    tags = 16
    funcs = tags + 4 * num_tags
    start = funcs + 80 * num_funcs
    size = start + 4 * has_start
    misaligned with num_tags = 1: funcs is at 20, 4 mod 8
  offsets on 32-u64a4-f64a4
    tags = 8
    funcs = tags + 4 * num_tags
    start = funcs + 64 * num_funcs
    size = start + 4 * has_start
  offsets on 32
    tags = 8
    funcs = tags + 4 * num_tags
    start = funcs + 72 * num_funcs
    size = start + 4 * has_start
    misaligned with num_tags = 1: funcs is at 12, 4 mod 8

struct Func
  64        32-u64a4-f64a4
  |         |         32
  80/8      64/4      72/8      size/align
  0+8       0+4       0+4       code: VmPtr<u8> readonly
  8+4       4+4       4+4       tag: Tag
  12+4      .         .         (padding)
  16+8      8+4       8+4       hidden: Option<VmPtr<Hidden>>
  .         .         12+4      (padding)
  24+48     12+48     16+48     counters: [u64; 6]
  72+1      60+1      64+1      last: u8
  73+7      61+3      65+7      (padding)

opaque Hidden

enum State: u8
  all
  1/1       size/align
  0 = Idle
  4 = Busy

newtype Tag: u32
  all
  4/4       size/align

enum Value: u32
  64+32     32-u64a4-f64a4
  16/8      12/4      size/align
  0+4       0+4       tag: u32
  4+4       .         (padding)
  8+8       4+8       payload
  0 = Nothing
  1 = Some(u64)
"""
