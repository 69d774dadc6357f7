;; The loops over refcounts of 16 bits. A cluster where something differs, or that somebody should look at, ends them.
;; kernel-code.ts holds this, assembled; a test does it again.
(module
  (import "" "memory" (memory 1))

  ;; Of the counters, as in walk.wat; set once.
  (global $cells (export "cells") (mut i32) (i32.const 0))
  (global $cellShift (export "cellShift") (mut i32) (i32.const 0))
  (global $cellMask (export "cellMask") (mut i32) (i32.const 255))
  (global $full (export "full") (mut i32) (i32.const 15))

  ;; Refcounts of 16 bits from `at` against the counters from `cluster` on, which have 2 bits.
  (func (export "compareNarrow") (param $at i32) (param $cluster i32) (param $count i32) (result i32)
    (local $done i32) (local $word i32) (local $stored i32) (local $one v128) (local $a v128) (local $b v128)
    (local.set $one (i16x8.splat (i32.const 0x0100)))
    (block $stop
      (loop $next
        (br_if $stop (i32.ge_u (local.get $done) (local.get $count)))
        ;; Sixteen at once where they are all used once, or not at all.
        (if (i32.eqz (i32.or
              (i32.and (local.get $cluster) (i32.const 15))
              (i32.lt_u (i32.sub (local.get $count) (local.get $done)) (i32.const 16))))
          (then
            (local.set $word (i32.load (i32.add (global.get $cells) (i32.shr_u (local.get $cluster) (i32.const 2)))))
            (local.set $a (v128.load (local.get $at)))
            (local.set $b (v128.load offset=16 (local.get $at)))
            (if (i32.or
                  (i32.and
                    (i32.eq (local.get $word) (i32.const 0x55555555))
                    (i16x8.all_true (v128.and
                      (i16x8.eq (local.get $a) (local.get $one)) (i16x8.eq (local.get $b) (local.get $one)))))
                  (i32.eqz (i32.or (local.get $word) (v128.any_true (v128.or (local.get $a) (local.get $b))))))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 32)))
                (local.set $cluster (i32.add (local.get $cluster) (i32.const 16)))
                (local.set $done (i32.add (local.get $done) (i32.const 16)))
                (br $next)))))
        (local.set $stored (i32.load16_u (local.get $at)))
        (local.set $word (i32.and (i32.const 3) (i32.shr_u
          (i32.load8_u (i32.add (global.get $cells) (i32.shr_u (local.get $cluster) (i32.const 2))))
          (i32.shl (i32.and (local.get $cluster) (i32.const 3)) (i32.const 1)))))
        (br_if $stop (i32.gt_u (local.get $word) (i32.const 1)))
        (br_if $stop (i32.ne (local.get $stored) (i32.shl (local.get $word) (i32.const 8))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $cluster (i32.add (local.get $cluster) (i32.const 1)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $next)))
    (local.get $done))

  ;; The same with counters of 8 bits or more.
  (func (export "compare") (param $at i32) (param $cluster i32) (param $count i32) (result i32)
    (local $done i32) (local $cell i32) (local $stored i32) (local $bytes i32) (local $same v128)
    (local.set $bytes (i32.eq (global.get $full) (i32.const 15)))
    (block $stop
      (loop $next
        (br_if $stop (i32.ge_u (local.get $done) (local.get $count)))
        ;; Of 8 bits sixteen at once, where all are the same: clusters that as many snapshots share.
        (if (i32.and (local.get $bytes) (i32.ge_u (i32.sub (local.get $count) (local.get $done)) (i32.const 16)))
          (then
            (local.set $cell (i32.load8_u (i32.add (global.get $cells) (local.get $cluster))))
            (local.set $stored (i32.shr_u (local.get $cell) (i32.const 4)))
            (local.set $same (i16x8.splat (i32.shl (local.get $stored) (i32.const 8))))
            (if (i32.and
                  (i32.and
                    (i8x16.all_true (i8x16.eq (i8x16.splat (local.get $cell))
                      (v128.load (i32.add (global.get $cells) (local.get $cluster)))))
                    (i16x8.all_true (v128.and
                      (i16x8.eq (v128.load (local.get $at)) (local.get $same))
                      (i16x8.eq (v128.load offset=16 (local.get $at)) (local.get $same)))))
                  (i32.and
                    (i32.ne (local.get $stored) (i32.const 15))
                    (i32.and
                      (i32.ne (i32.and (local.get $cell) (i32.const 3)) (i32.const 3))
                      (i32.eqz (i32.and (local.get $cell)
                        (select (i32.const 4) (i32.const 8) (i32.eq (local.get $stored) (i32.const 1))))))))
              (then
                (local.set $at (i32.add (local.get $at) (i32.const 32)))
                (local.set $cluster (i32.add (local.get $cluster) (i32.const 16)))
                (local.set $done (i32.add (local.get $done) (i32.const 16)))
                (br $next)))))
        (local.set $stored (i32.load16_u (local.get $at)))
        (local.set $stored (i32.or
          (i32.shr_u (local.get $stored) (i32.const 8))
          (i32.shl (i32.and (local.get $stored) (i32.const 255)) (i32.const 8))))
        (local.set $cell (i32.and (global.get $cellMask) (i32.load
          (i32.add (global.get $cells) (i32.shl (local.get $cluster) (global.get $cellShift))))))
        (br_if $stop (i32.ne (i32.shr_u (local.get $cell) (i32.const 4)) (local.get $stored)))
        (if (local.get $stored)
          (then
            (br_if $stop (i32.eq (local.get $stored) (global.get $full)))
            (br_if $stop (i32.eq (i32.and (local.get $cell) (i32.const 3)) (i32.const 3)))
            (br_if $stop (i32.and (local.get $cell)
              (select (i32.const 4) (i32.const 8) (i32.eq (local.get $stored) (i32.const 1)))))))
        (local.set $at (i32.add (local.get $at) (i32.const 2)))
        (local.set $cluster (i32.add (local.get $cluster) (i32.const 1)))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $next)))
    (local.get $done)))
