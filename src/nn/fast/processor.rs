//! One loop, compiled once for each kind of processor that it may meet.
//!
//! A processor adds and multiplies many numbers in one instruction: 16 at once with AVX-512, 8 with AVX2, 4 with
//! what every x86-64, every 64-bit ARM and WebAssembly with SIMD have. A program that is to run anywhere is compiled for
//! the last; here the same plain Rust is compiled for all three, and the best is chosen when it runs. The compiler finds the
//! vectors by itself. It is the only file of `nn` with `unsafe` in it, beside `wasm`.
//!
//! Inside such a function a loop has to be plain: counted, over slices cut to one length or arrays of a known size. An adapter
//! such as `zip` may be compiled as a call (`Cargo.toml` compiles the library in many small parts), and then there are no vectors.

/// What the processor can do.
#[cfg(target_arch = "x86_64")]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Processor {
    /// 16 numbers at once.
    Avx512,
    /// 8 numbers at once.
    Avx2,
    /// What every processor of its family has.
    Any,
}

#[cfg(target_arch = "x86_64")]
impl Processor {
    /// The one that this program runs on. Asked once; after that the answer is remembered.
    pub(crate) fn here() -> Processor {
        // Each feature that the functions of `for_each_processor` below are compiled with.
        let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        let avx512 = is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512bw");
        match (avx2, avx512) {
            (true, true) => Processor::Avx512,
            (true, false) => Processor::Avx2,
            _ => Processor::Any,
        }
    }
}

/// Compiles a function for each kind of processor and calls the one for this processor. Inside, the named constant says how many
/// numbers are handled at once.
macro_rules! for_each_processor {
    ($(#[$about:meta])* $visible:vis fn $name:ident<const $lanes:ident: usize>(
        $($argument:ident: $type:ty),* $(,)?
    ) $body:block) => {
        $(#[$about])*
        #[allow(clippy::too_many_arguments)] // slices of one loop, each known not to overlap the others
        $visible fn $name($($argument: $type),*) {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn any<const $lanes: usize>($($argument: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,avx512dq,avx512bw,avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx512($($argument: $type),*) {
                    any::<16>($($argument),*)
                }

                #[target_feature(enable = "avx2,fma")]
                #[allow(clippy::too_many_arguments)]
                fn avx2($($argument: $type),*) {
                    any::<8>($($argument),*)
                }

                use $crate::nn::fast::processor::Processor;
                // SAFETY: `Processor::here` has asked for each feature that the two functions are compiled with.
                #[allow(unsafe_code)]
                match Processor::here() {
                    Processor::Avx512 => return unsafe { avx512($($argument),*) },
                    Processor::Avx2 => return unsafe { avx2($($argument),*) },
                    Processor::Any => {}
                }
            }
            any::<4>($($argument),*)
        }
    };
}
pub(crate) use for_each_processor;

/// `a · b + c`, in one instruction where there is one.
#[inline(always)]
pub(crate) fn multiply_add<const LANES: usize>(a: f32, b: f32, c: f32) -> f32 {
    if LANES > 4 || cfg!(target_arch = "aarch64") {
        a.mul_add(b, c) // elsewhere this is a call of a slow function
    } else {
        a * b + c
    }
}
