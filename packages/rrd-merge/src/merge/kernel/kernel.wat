;; The founding rule at memory speed, two cells a step. Addresses are bytes, 8-aligned; counts are cells.
;; Cells are moved as bits (v128), so no NaN changes its payload. kernel-code.ts holds this, assembled; a test does it again.
(module
  (import "" "memory" (memory 1))

  ;; How many of `count` cells from `at` are unknown (NaN: unequal to itself).
  (func (export "unknown") (param $at i32) (param $count i32) (result i32)
    (local $end i32) (local $pairs v128) (local $value f64) (local $unknown i32) (local $cells v128)
    (local.set $end (i32.add (local.get $at) (i32.shl (i32.and (local.get $count) (i32.const -2)) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $cells (v128.load (local.get $at)))
        ;; A lane of ones is -1.
        (local.set $pairs (i64x2.sub (local.get $pairs) (f64x2.ne (local.get $cells) (local.get $cells))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (local.set $unknown (i32.wrap_i64 (i64.add
      (i64x2.extract_lane 0 (local.get $pairs)) (i64x2.extract_lane 1 (local.get $pairs)))))
    (if (i32.and (local.get $count) (i32.const 1))
      (then
        (local.set $value (f64.load (local.get $at)))
        (local.set $unknown (i32.add (local.get $unknown) (f64.ne (local.get $value) (local.get $value))))))
    (local.get $unknown))

  ;; Gives unknown cells from `at` the known values from `from`. Returns how many took one, and leaves the places of the
  ;; first and the last of them, from 0, at addresses 0 and 4.
  (func (export "fill") (param $at i32) (param $from i32) (param $count i32) (result i32)
    (local $start i32) (local $end i32) (local $filled i32) (local $first i32) (local $last i32)
    (local $mine v128) (local $theirs v128) (local $taken v128) (local $lanes i32) (local $place i32) (local $value f64)
    (local.set $start (local.get $at))
    (local.set $first (i32.const -1))
    (local.set $end (i32.add (local.get $at) (i32.shl (i32.and (local.get $count) (i32.const -2)) (i32.const 3))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $mine (v128.load (local.get $at)))
        (local.set $theirs (v128.load (local.get $from)))
        (local.set $taken (v128.and
          (f64x2.ne (local.get $mine) (local.get $mine)) (f64x2.eq (local.get $theirs) (local.get $theirs))))
        (local.set $lanes (i64x2.bitmask (local.get $taken)))
        (if (local.get $lanes)
          (then
            (v128.store (local.get $at)
              (v128.bitselect (local.get $theirs) (local.get $mine) (local.get $taken)))
            (local.set $filled (i32.add (local.get $filled) (i32.popcnt (local.get $lanes))))
            (local.set $place (i32.shr_u (i32.sub (local.get $at) (local.get $start)) (i32.const 3)))
            (local.set $last (i32.add (local.get $place) (i32.shr_u (local.get $lanes) (i32.const 1))))
            (if (i32.lt_s (local.get $first) (i32.const 0))
              (then (local.set $first (i32.add (local.get $place) (i32.ctz (local.get $lanes))))))))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $next)))
    (if (i32.and (local.get $count) (i32.const 1))
      (then
        (local.set $value (f64.load (local.get $at)))
        (if (f64.ne (local.get $value) (local.get $value))
          (then
            (local.set $value (f64.load (local.get $from)))
            (if (f64.eq (local.get $value) (local.get $value))
              (then
                (f64.store (local.get $at) (local.get $value))
                (local.set $filled (i32.add (local.get $filled) (i32.const 1)))
                (local.set $last (i32.sub (local.get $count) (i32.const 1)))
                (if (i32.lt_s (local.get $first) (i32.const 0)) (then (local.set $first (local.get $last))))))))))
    (i32.store (i32.const 0) (local.get $first))
    (i32.store (i32.const 4) (local.get $last))
    (local.get $filled)))
