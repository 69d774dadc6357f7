;; The loop over L2 entries. Big-endian entries are turned by a byte shuffle, counters are read and written as words at any
;; address. Whatever is not for a fast loop ends it: the caller looks at that one entry and goes on. kernel-code.ts holds
;; this, assembled; a test does it again.
(module
  (import "" "memory" (memory 1))

  ;; Of the image and of its counters; set once. Counters have 2 bits (narrow) or 8, 16, 32.
  (global $clusterBits (export "clusterBits") (mut i32) (i32.const 16))
  (global $clusters (export "clusters") (mut i32) (i32.const 0))
  ;; Bits that an aligned offset hasn't, but for the zero flag.
  (global $within (export "within") (mut i32) (i32.const 0))
  (global $extended (export "extended") (mut i32) (i32.const 0))
  (global $cells (export "cells") (mut i32) (i32.const 0))
  ;; Shift from a cluster to its counter's byte; bits of a counter as a mask; largest count.
  (global $cellShift (export "cellShift") (mut i32) (i32.const 0))
  (global $cellMask (export "cellMask") (mut i32) (i32.const 255))
  (global $full (export "full") (mut i32) (i32.const 15))
  ;; Overflows: pairs of cluster and what it was, 8 bytes each, at `log`.
  (global $log (export "log") (mut i32) (i32.const 0))
  (global $logRoom (export "logRoom") (mut i32) (i32.const 0))
  ;; Of the table at hand.
  (global $weight (mut i32) (i32.const 1)) (global $active (mut i32) (i32.const 0))
  (global $rows (mut i32) (i32.const 0)) (global $stride (mut i32) (i32.const 0))
  (global $logged (mut i32) (i32.const 0)) (global $following (mut i32) (i32.const 0))
  (global $allocated (mut i32) (i32.const 0)) (global $fragmented (mut i32) (i32.const 0))
  (global $compressed (mut i32) (i32.const 0)) (global $used (mut i32) (i32.const 0))

  (func $note (param $cluster i32) (param $what i32)
    (local $at i32)
    (local.set $at (i32.add (global.get $log) (i32.shl (global.get $logged) (i32.const 3))))
    (i32.store (local.get $at) (local.get $cluster)) (i32.store offset=4 (local.get $at) (local.get $what))
    (global.set $logged (i32.add (global.get $logged) (i32.const 1))))

  ;; Adds the weight to a counter of 8 bits or more. `event`: bits 0-1 use, 2 plain, 3 copied, as in counters/cell.ts.
  (func $add (param $cluster i32) (param $event i32)
    (local $at i32) (local $word i32) (local $cell i32) (local $count i32) (local $use i32) (local $more i32)
    (local.set $at (i32.add (global.get $cells) (i32.shl (local.get $cluster) (global.get $cellShift))))
    (local.set $word (i32.load (local.get $at)))
    (local.set $cell (i32.and (local.get $word) (global.get $cellMask)))
    (local.set $count (i32.shr_u (local.get $cell) (i32.const 4)))
    (local.set $use (i32.and (local.get $cell) (i32.const 3)))
    (local.set $more (i32.and (local.get $event) (i32.const 3)))
    (if (local.get $more)
      (then
        (local.set $use
          (if (result i32) (local.get $use)
            (then (select (i32.const 2) (i32.const 3)
              (i32.eq (i32.add (local.get $use) (i32.shl (local.get $more) (i32.const 2))) (i32.const 10))))
            (else (local.get $more))))))
    (local.set $use (i32.or (local.get $use)
      (i32.and (i32.or (local.get $cell) (local.get $event)) (i32.const 12))))
    (if (i32.eq (local.get $count) (global.get $full))
      (then (call $note (local.get $cluster) (i32.const -1)))
      (else
        (if (i32.ge_u (i32.add (local.get $count) (global.get $weight)) (global.get $full))
          (then (call $note (local.get $cluster) (local.get $count)) (local.set $count (global.get $full)))
          (else (local.set $count (i32.add (local.get $count) (global.get $weight)))))))
    (i32.store (local.get $at)
      (i32.or
        (i32.and (local.get $word) (i32.xor (global.get $cellMask) (i32.const -1)))
        (i32.or (i32.shl (local.get $count) (i32.const 4)) (local.get $use)))))

  ;; As $add, of 2 bits: 0 none, 1 one, 2 one by the active disk without COPIED, 3 noted.
  (func $addNarrow (param $cluster i32) (param $event i32)
    (local $at i32) (local $shift i32) (local $word i32) (local $state i32)
    (local.set $at (i32.add (global.get $cells) (i32.shr_u (local.get $cluster) (i32.const 2))))
    (local.set $shift (i32.shl (i32.and (local.get $cluster) (i32.const 3)) (i32.const 1)))
    (local.set $word (i32.load8_u (local.get $at)))
    (local.set $state (i32.and (i32.shr_u (local.get $word) (local.get $shift)) (i32.const 3)))
    (if (i32.or (local.get $state) (i32.ne (global.get $weight) (i32.const 1)))
      (then
        (call $note (local.get $cluster) (i32.or (i32.shl (local.get $state) (i32.const 8)) (local.get $event))) (local.set $state (i32.const 3)))
      (else
        (local.set $state (i32.add (i32.const 1)
          (i32.and (i32.shr_u (local.get $event) (i32.const 2)) (i32.const 1))))))
    (i32.store8 (local.get $at) (i32.or (local.get $word) (i32.shl (local.get $state) (local.get $shift)))))

  ;; Is the cluster elsewhere than behind the one before?
  (func $place (param $cluster i32)
    (if (i32.and
          (i32.ne (global.get $following) (i32.const 0))
          (i32.ne (global.get $following) (local.get $cluster)))
      (then (global.set $fragmented (i32.add (global.get $fragmented) (i32.const 1))))))

  ;; Has an earlier table of the window the same cluster at this place? Both as they stand in memory.
  (func $again (param $at i32) (result i32)
    (local $left i32) (local $mine i64)
    (local.set $left (global.get $rows)) (local.set $mine (i64.load (local.get $at)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $at (i32.sub (local.get $at) (global.get $stride)))
        ;; The offset, and the bit of compressed clusters: bytes are the other way round here.
        (if (i64.eqz (i64.or
              (i64.and (i64.xor (i64.load (local.get $at)) (local.get $mine)) (i64.const 0x00feffffffffff00))
              (i64.and (i64.load (local.get $at)) (i64.const 0x40))))
          (then (return (i32.const 1))))
        (local.set $left (i32.sub (local.get $left) (i32.const 1))) (br $next)))
    (i32.const 0))

  ;; Sixteen entries that follow one another, as an image that was filled in order has them, and whose counters are 0:
  ;; counted at once. 0 where it is not so. `entry` is the first, `event` as in $add.
  (func $addSixteen (param $at i32) (param $entry i64) (param $cluster i32) (param $event i32) (result i32)
    (local $step i64) (local $expected v128) (local $two v128) (local $wrong v128) (local $end i32) (local $cell i32)
    (local.set $step (i64.shl (i64.const 1) (i64.extend_i32_u (global.get $clusterBits))))
    (if (i64.ne
          (i64x2.extract_lane 0 (i8x16.swizzle
            (v128.load64_zero offset=120 (local.get $at))
            (v128.const i8x16 7 6 5 4 3 2 1 0 15 14 13 12 11 10 9 8)))
          (i64.add (local.get $entry) (i64.mul (local.get $step) (i64.const 15))))
      (then (return (i32.const 0))))
    (local.set $cell (i32.add (global.get $cells)
      (select
        (i32.shr_u (local.get $cluster) (i32.const 2)) (local.get $cluster)
        (i32.eq (global.get $full) (i32.const 3)))))
    (if (i32.eq (global.get $full) (i32.const 3))
      (then (if (i32.load (local.get $cell)) (then (return (i32.const 0)))))
      (else (if (v128.any_true (v128.load (local.get $cell))) (then (return (i32.const 0))))))
    (local.set $expected (i64x2.replace_lane 1
      (i64x2.splat (local.get $entry)) (i64.add (local.get $entry) (local.get $step))))
    (local.set $two (i64x2.splat (i64.shl (local.get $step) (i64.const 1))))
    (local.set $end (i32.add (local.get $at) (i32.const 128)))
    (loop $next
      (local.set $wrong (v128.or (local.get $wrong) (v128.xor (local.get $expected)
        (i8x16.swizzle (v128.load (local.get $at))
          (v128.const i8x16 7 6 5 4 3 2 1 0 15 14 13 12 11 10 9 8)))))
      (local.set $expected (i64x2.add (local.get $expected) (local.get $two)))
      (local.set $at (i32.add (local.get $at) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (if (v128.any_true (local.get $wrong)) (then (return (i32.const 0))))
    (if (i32.eq (global.get $full) (i32.const 3))
      (then (i32.store (local.get $cell)
        (select (i32.const 0xaaaaaaaa) (i32.const 0x55555555) (i32.and (local.get $event) (i32.const 4)))))
      (else (v128.store (local.get $cell)
        (i8x16.splat (i32.or (i32.shl (global.get $weight) (i32.const 4)) (local.get $event))))))
    (i32.const 1))

  ;; Leaves at addresses 0 to 23 what it counted: following, allocated, fragmented, compressed, used, logged. `following`
  ;; is also where it begins.
  (func (export "walk")
    (param $at i32) (param $count i32) (param $weight i32) (param $active i32) (param $rows i32) (param $stride i32)
    (result i32)
    (local $index i32) (local $entry i64) (local $cluster i32) (local $last i32) (local $wide i64) (local $size i32)
    (local $event i32) (local $host i64) (local $split i64) (local $irregular i64) (local $sixteen i32)
    (global.set $weight (local.get $weight)) (global.set $active (local.get $active))
    (global.set $rows (local.get $rows)) (global.set $stride (local.get $stride))
    (global.set $following (i32.load (i32.const 0)))
    (global.set $allocated (i32.const 0)) (global.set $fragmented (i32.const 0))
    (global.set $compressed (i32.const 0)) (global.set $used (i32.const 0)) (global.set $logged (i32.const 0))
    (local.set $size (i32.add (i32.const 8) (i32.shl (global.get $extended) (i32.const 3))))
    (local.set $irregular (i64.or (i64.const 0x3f00000000000000) (i64.extend_i32_u (global.get $within))))
    ;; With counters of 2 or 8 bits, and nothing to compare each entry with.
    (local.set $sixteen (i32.and
      (i32.and (i32.eqz (global.get $rows)) (i32.eqz (global.get $extended)))
      (select
        (i32.eq (global.get $weight) (i32.const 1))
        (i32.and (i32.eq (global.get $full) (i32.const 15)) (i32.lt_u (global.get $weight) (i32.const 15)))
        (i32.eq (global.get $full) (i32.const 3)))))
    (block $stop
      (loop $next
        (br_if $stop (i32.ge_u (local.get $index) (local.get $count)))
        (br_if $stop (i32.ge_u (global.get $logged) (global.get $logRoom)))
        (block $skip
          (if (global.get $extended)
            (then
              ;; Allocated and zero at once; allocated without an offset; anything at a compressed cluster.
              (br_if $stop (i32.and (i32.load offset=8 (local.get $at)) (i32.load offset=12 (local.get $at))))
              (if (i64.ne (i64.load offset=8 (local.get $at)) (i64.const 0))
                (then
                  (br_if $stop (i32.and (i32.load (local.get $at)) (i32.const 0x40)))
                  (if (i32.load offset=12 (local.get $at))
                    (then (br_if $stop (i64.eqz
                      (i64.and (i64.load (local.get $at)) (i64.const 0xffffffffffffff40))))))))))
          (br_if $skip (i64.eqz (i64.load (local.get $at))))
          (local.set $entry (i64x2.extract_lane 0 (i8x16.swizzle
            (v128.load64_zero (local.get $at))
            (v128.const i8x16 7 6 5 4 3 2 1 0 15 14 13 12 11 10 9 8))))
          (global.set $used (i32.add (global.get $used) (i32.const 1)))
          (if (i64.ne (i64.and (local.get $entry) (i64.const 0x4000000000000000)) (i64.const 0))
            (then
              (br_if $stop (i64.lt_s (local.get $entry) (i64.const 0)))
              ;; Counters of 2 bits are not for clusters that share.
              (br_if $stop (i32.eq (global.get $full) (i32.const 3)))
              (local.set $split (i64.extend_i32_u (i32.sub (i32.const 70) (global.get $clusterBits))))
              (local.set $host (i64.and (local.get $entry)
                (i64.sub (i64.shl (i64.const 1) (local.get $split)) (i64.const 1))))
              ;; Its last byte: sectors of 512 bytes from the one it begins in.
              (local.set $wide
                (i64.shr_u (i64.and (local.get $entry) (i64.const 0x3fffffffffffffff)) (local.get $split)))
              (local.set $wide (i64.shl (i64.add (local.get $wide) (i64.const 1)) (i64.const 9)))
              (local.set $wide (i64.add (local.get $wide) (i64.and (local.get $host) (i64.const -512))))
              (local.set $wide (i64.shr_u
                (i64.sub (local.get $wide) (i64.const 1)) (i64.extend_i32_u (global.get $clusterBits))))
              (br_if $stop (i64.ge_u (local.get $wide) (i64.extend_i32_u (global.get $clusters))))
              (local.set $last (i32.wrap_i64 (local.get $wide)))
              (local.set $cluster (i32.wrap_i64
                (i64.shr_u (local.get $host) (i64.extend_i32_u (global.get $clusterBits)))))
              (loop $each
                (call $add (local.get $cluster) (i32.const 2))
                (local.set $cluster (i32.add (local.get $cluster) (i32.const 1)))
                (br_if $each (i32.le_u (local.get $cluster) (local.get $last))))
              (global.set $allocated (i32.add (global.get $allocated) (global.get $active)))
              (global.set $fragmented (i32.add (global.get $fragmented) (global.get $active))) (global.set $compressed (i32.add (global.get $compressed) (global.get $active)))
              (br $skip)))
          (br_if $stop (i64.ne (i64.and (local.get $entry) (local.get $irregular)) (i64.const 0)))
          (local.set $wide (i64.shr_u
            (i64.and (local.get $entry) (i64.const 0x00ffffffffffffff))
            (i64.extend_i32_u (global.get $clusterBits))))
          (if (i64.eqz (local.get $wide))
            (then
              (br_if $stop (i64.lt_s (local.get $entry) (i64.const 0)))
              (br $skip)))
          (br_if $stop (i64.ge_u (local.get $wide) (i64.extend_i32_u (global.get $clusters))))
          (local.set $cluster (i32.wrap_i64 (local.get $wide)))
          ;; 4: by the active disk without COPIED, 8: with.
          (local.set $event (i32.shl (global.get $active)
            (i32.add (i32.const 2) (i32.wrap_i64 (i64.shr_u (local.get $entry) (i64.const 63))))))
          (if (i32.and (local.get $sixteen) (i32.eqz (i32.and (local.get $cluster) (i32.const 15))))
            (then
              (if (i32.and
                    (i32.le_u (i32.add (local.get $index) (i32.const 16)) (local.get $count))
                    (i32.le_u (i32.add (local.get $cluster) (i32.const 16)) (global.get $clusters)))
                (then
                  (if (call $addSixteen (local.get $at) (local.get $entry) (local.get $cluster)
                        (i32.or (local.get $event) (i32.const 1)))
                    (then
                      (global.set $used (i32.add (global.get $used) (i32.const 15)))
                      (if (global.get $active)
                        (then
                          (global.set $allocated (i32.add (global.get $allocated) (i32.const 16))) (call $place (local.get $cluster))
                          (global.set $following (i32.add (local.get $cluster) (i32.const 16)))))
                      (local.set $at (i32.add (local.get $at) (i32.const 128)))
                      (local.set $index (i32.add (local.get $index) (i32.const 16))) (br $next)))))))
          (if (global.get $rows)
            (then (if (i32.eqz (call $again (local.get $at)))
              (then (local.set $event (i32.or (local.get $event) (i32.const 1))))))
            (else (local.set $event (i32.or (local.get $event) (i32.const 1)))))
          (if (i32.eq (global.get $full) (i32.const 3))
            (then (call $addNarrow (local.get $cluster) (local.get $event)))
            (else (call $add (local.get $cluster) (local.get $event))))
          (if (global.get $active)
            (then
              (global.set $allocated (i32.add (global.get $allocated) (i32.const 1))) (call $place (local.get $cluster))
              (global.set $following (i32.add (local.get $cluster) (i32.const 1))))))
        (local.set $at (i32.add (local.get $at) (local.get $size)))
        (local.set $index (i32.add (local.get $index) (i32.const 1))) (br $next)))
    (i32.store (i32.const 0) (global.get $following)) (i32.store (i32.const 4) (global.get $allocated))
    (i32.store (i32.const 8) (global.get $fragmented)) (i32.store (i32.const 12) (global.get $compressed))
    (i32.store (i32.const 16) (global.get $used)) (i32.store (i32.const 20) (global.get $logged))
    (local.get $index)))
