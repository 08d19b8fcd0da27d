"""Every target of rustc 1.95.0, made by scripts/update_targets.py; do not edit.

A line of DATA_MODELS: name; size of a pointer; byte order; alignments of
pointer, u16, u32, u64, u128, f32, f64; the widths of the integers that the target
loads and stores atomically, and of those that it exchanges too. Sizes and
alignments are in bytes, widths in bits.

A line of TARGETS: triple; data model; arch, os, env and abi as in rustc's cfg;
the triple of LLVM. `-` is nothing, `=` the same triple.
"""

RUSTC_VERSION = "1.95.0"

DATA_MODELS = """\
be32 4 big 4 2 4 8 16 4 8 8,16,32 8,16,32
be32-atomic64 4 big 4 2 4 8 16 4 8 8,16,32,64 8,16,32,64
be32-ptra2-u32a2-u64a4-u128a4 4 big 2 2 2 4 4 4 8 8,16,32 8,16,32
be32-u128a8 4 big 4 2 4 8 8 4 8 8,16,32 8,16,32
be32-u128a8-atomic64 4 big 4 2 4 8 8 4 8 8,16,32,64 8,16,32,64
be64 8 big 8 2 4 8 16 4 8 8,16,32,64 8,16,32,64
be64-f64a4 8 big 8 2 4 8 16 4 4 8,16,32,64 8,16,32,64
be64-min64-nocas 8 big 8 2 4 8 16 4 8 64 -
be64-u128a8 8 big 8 2 4 8 8 4 8 8,16,32,64 8,16,32,64
le16-max1-nocas 2 little 1 1 1 1 1 1 1 8,16 -
le16-max2-noatomic 2 little 2 2 2 2 2 2 2 - -
le32 4 little 4 2 4 8 16 4 8 8,16,32 8,16,32
le32-atomic64 4 little 4 2 4 8 16 4 8 8,16,32,64 8,16,32,64
le32-max4 4 little 4 2 4 4 4 4 4 8,16,32 8,16,32
le32-max4-atomic64 4 little 4 2 4 4 4 4 4 8,16,32,64 8,16,32,64
le32-nocas 4 little 4 2 4 8 16 4 8 8,16,32 -
le32-u128a8 4 little 4 2 4 8 8 4 8 8,16,32 8,16,32
le32-u128a8-atomic64 4 little 4 2 4 8 8 4 8 8,16,32,64 8,16,32,64
le32-u128a8-noatomic 4 little 4 2 4 8 8 4 8 - -
le32-u128a8-nocas 4 little 4 2 4 8 8 4 8 8,16,32 -
le32-u64a4-f64a4-atomic64 4 little 4 2 4 4 16 4 4 8,16,32,64 8,16,32,64
le64 8 little 8 2 4 8 16 4 8 8,16,32,64 8,16,32,64
le64-min64-nocas 8 little 8 2 4 8 16 4 8 64 -
le64-nocas 8 little 8 2 4 8 16 4 8 8,16,32,64 -
le64-u128a8 8 little 8 2 4 8 8 4 8 8,16,32,64 8,16,32,64
"""

TARGETS = """\
aarch64-apple-darwin le64 aarch64 macos - - arm64-apple-macosx
aarch64-apple-ios le64 aarch64 ios - - arm64-apple-ios
aarch64-apple-ios-macabi le64 aarch64 ios macabi macabi arm64-apple-ios-macabi
aarch64-apple-ios-sim le64 aarch64 ios sim sim arm64-apple-ios-simulator
aarch64-apple-tvos le64 aarch64 tvos - - arm64-apple-tvos
aarch64-apple-tvos-sim le64 aarch64 tvos sim sim arm64-apple-tvos-simulator
aarch64-apple-visionos le64 aarch64 visionos - - arm64-apple-xros
aarch64-apple-visionos-sim le64 aarch64 visionos sim sim arm64-apple-xros-simulator
aarch64-apple-watchos le64 aarch64 watchos - - arm64-apple-watchos
aarch64-apple-watchos-sim le64 aarch64 watchos sim sim arm64-apple-watchos-simulator
aarch64-kmc-solid_asp3 le64 aarch64 solid_asp3 - - aarch64-unknown-none
aarch64-linux-android le64 aarch64 android - - =
aarch64-nintendo-switch-freestanding le64 aarch64 horizon - - aarch64-unknown-none
aarch64-pc-windows-gnullvm le64 aarch64 windows gnu llvm aarch64-pc-windows-gnu
aarch64-pc-windows-msvc le64 aarch64 windows msvc - =
aarch64-unknown-freebsd le64 aarch64 freebsd - - =
aarch64-unknown-fuchsia le64 aarch64 fuchsia - - =
aarch64-unknown-helenos le64 aarch64 helenos - - =
aarch64-unknown-hermit le64 aarch64 hermit - - =
aarch64-unknown-illumos le64 aarch64 illumos - - aarch64-unknown-solaris2.11
aarch64-unknown-linux-gnu le64 aarch64 linux gnu - =
aarch64-unknown-linux-gnu_ilp32 le32-atomic64 aarch64 linux gnu ilp32 =
aarch64-unknown-linux-musl le64 aarch64 linux musl - =
aarch64-unknown-linux-ohos le64 aarch64 linux ohos - =
aarch64-unknown-managarm-mlibc le64 aarch64 managarm mlibc - =
aarch64-unknown-netbsd le64 aarch64 netbsd - - =
aarch64-unknown-none le64 aarch64 none - - =
aarch64-unknown-none-softfloat le64 aarch64 none - softfloat aarch64-unknown-none
aarch64-unknown-nto-qnx700 le64 aarch64 nto nto70 - aarch64-unknown-unknown
aarch64-unknown-nto-qnx710 le64 aarch64 nto nto71 - aarch64-unknown-unknown
aarch64-unknown-nto-qnx710_iosock le64 aarch64 nto nto71_iosock - aarch64-unknown-unknown
aarch64-unknown-nto-qnx800 le64 aarch64 nto nto80 - aarch64-unknown-unknown
aarch64-unknown-nuttx le64 aarch64 nuttx - - aarch64-unknown-none
aarch64-unknown-openbsd le64 aarch64 openbsd - - =
aarch64-unknown-redox le64 aarch64 redox relibc - =
aarch64-unknown-teeos le64 aarch64 teeos - - aarch64-unknown-none
aarch64-unknown-trusty le64 aarch64 trusty - - aarch64-unknown-unknown-musl
aarch64-unknown-uefi le64 aarch64 uefi - - aarch64-unknown-windows
aarch64-uwp-windows-msvc le64 aarch64 windows msvc uwp aarch64-pc-windows-msvc
aarch64-wrs-vxworks le64 aarch64 vxworks gnu - aarch64-unknown-linux-gnu
aarch64_be-unknown-hermit be64 aarch64 hermit - - =
aarch64_be-unknown-linux-gnu be64 aarch64 linux gnu - =
aarch64_be-unknown-linux-gnu_ilp32 be32-atomic64 aarch64 linux gnu ilp32 =
aarch64_be-unknown-linux-musl be64 aarch64 linux musl - =
aarch64_be-unknown-netbsd be64 aarch64 netbsd - - =
aarch64_be-unknown-none-softfloat be64 aarch64 none - softfloat aarch64_be-unknown-none
aarch64v8r-unknown-none le64 aarch64 none - - aarch64-unknown-none
aarch64v8r-unknown-none-softfloat le64 aarch64 none - softfloat aarch64-unknown-none
amdgcn-amd-amdhsa le64-u128a8 amdgpu amdhsa - - =
arm-linux-androideabi le32-u128a8 arm android - eabi =
arm-unknown-linux-gnueabi le32-u128a8-atomic64 arm linux gnu eabi =
arm-unknown-linux-gnueabihf le32-u128a8-atomic64 arm linux gnu eabihf =
arm-unknown-linux-musleabi le32-u128a8-atomic64 arm linux musl eabi =
arm-unknown-linux-musleabihf le32-u128a8-atomic64 arm linux musl eabihf =
arm64_32-apple-watchos le32-atomic64 aarch64 watchos - - =
arm64e-apple-darwin le64 aarch64 macos - - arm64e-apple-macosx
arm64e-apple-ios le64 aarch64 ios - - =
arm64e-apple-tvos le64 aarch64 tvos - - =
arm64ec-pc-windows-msvc le64 arm64ec windows msvc - =
armeb-unknown-linux-gnueabi be32-u128a8-atomic64 arm linux gnu eabi =
armebv7r-none-eabi be32-u128a8-atomic64 arm none - eabi =
armebv7r-none-eabihf be32-u128a8-atomic64 arm none - eabihf =
armv4t-none-eabi le32-u128a8-noatomic arm none - eabi =
armv4t-unknown-linux-gnueabi le32-u128a8 arm linux gnu eabi =
armv5te-none-eabi le32-u128a8-noatomic arm none - eabi =
armv5te-unknown-linux-gnueabi le32-u128a8 arm linux gnu eabi =
armv5te-unknown-linux-musleabi le32-u128a8 arm linux musl eabi =
armv5te-unknown-linux-uclibceabi le32-u128a8 arm linux uclibc eabi armv5te-unknown-linux-gnueabi
armv6-none-eabi le32-u128a8-atomic64 arm none - eabi =
armv6-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
armv6-unknown-freebsd le32-u128a8-atomic64 arm freebsd - eabihf armv6-unknown-freebsd-gnueabihf
armv6-unknown-netbsd-eabihf le32-u128a8-atomic64 arm netbsd - eabihf armv6-unknown-netbsdelf-eabihf
armv6k-nintendo-3ds le32-u128a8 arm horizon newlib eabihf armv6k-none-eabihf
armv7-linux-androideabi le32-u128a8-atomic64 arm android - eabi armv7-none-linux-android
armv7-rtems-eabihf le32-u128a8-atomic64 arm rtems newlib eabihf armv7-unknown-none-eabihf
armv7-sony-vita-newlibeabihf le32-u128a8-atomic64 arm vita newlib eabihf thumbv7a-sony-vita-eabihf
armv7-unknown-freebsd le32-u128a8-atomic64 arm freebsd - eabihf armv7-unknown-freebsd-gnueabihf
armv7-unknown-linux-gnueabi le32-u128a8-atomic64 arm linux gnu eabi =
armv7-unknown-linux-gnueabihf le32-u128a8-atomic64 arm linux gnu eabihf =
armv7-unknown-linux-musleabi le32-u128a8-atomic64 arm linux musl eabi =
armv7-unknown-linux-musleabihf le32-u128a8-atomic64 arm linux musl eabihf =
armv7-unknown-linux-ohos le32-u128a8-atomic64 arm linux ohos eabi =
armv7-unknown-linux-uclibceabi le32-u128a8-atomic64 arm linux uclibc eabi armv7-unknown-linux-gnueabi
armv7-unknown-linux-uclibceabihf le32-u128a8-atomic64 arm linux uclibc eabihf armv7-unknown-linux-gnueabihf
armv7-unknown-netbsd-eabihf le32-u128a8-atomic64 arm netbsd - eabihf armv7-unknown-netbsdelf-eabihf
armv7-unknown-trusty le32-u128a8-atomic64 arm trusty - eabi armv7-unknown-unknown-gnueabi
armv7-wrs-vxworks-eabihf le32-u128a8-atomic64 arm vxworks gnu eabihf armv7-unknown-linux-gnueabihf
armv7a-kmc-solid_asp3-eabi le32-u128a8-atomic64 arm solid_asp3 - eabi armv7a-none-eabi
armv7a-kmc-solid_asp3-eabihf le32-u128a8-atomic64 arm solid_asp3 - eabihf armv7a-none-eabihf
armv7a-none-eabi le32-u128a8-atomic64 arm none - eabi =
armv7a-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
armv7a-nuttx-eabi le32-u128a8-atomic64 arm nuttx - eabi armv7a-none-eabi
armv7a-nuttx-eabihf le32-u128a8-atomic64 arm nuttx - eabihf armv7a-none-eabihf
armv7a-vex-v5 le32-u128a8-atomic64 arm vexos v5 eabihf armv7a-none-eabihf
armv7k-apple-watchos le32-u128a8-atomic64 arm watchos - - =
armv7r-none-eabi le32-u128a8-atomic64 arm none - eabi =
armv7r-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
armv7s-apple-ios le32-max4-atomic64 arm ios - - =
armv8r-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
avr-none le16-max1-nocas avr none - - avr-unknown-unknown
bpfeb-unknown-none be64-min64-nocas bpf none - - bpfeb
bpfel-unknown-none le64-min64-nocas bpf none - - bpfel
csky-unknown-linux-gnuabiv2 le32-max4 csky linux gnu abiv2 =
csky-unknown-linux-gnuabiv2hf le32-max4 csky linux gnu abiv2hf csky-unknown-linux-gnuabiv2
hexagon-unknown-linux-musl le32-u128a8 hexagon linux musl - =
hexagon-unknown-none-elf le32-u128a8 hexagon none - - =
hexagon-unknown-qurt le32-u128a8 hexagon qurt - - hexagon-unknown-elf
i386-apple-ios le32-u64a4-f64a4-atomic64 x86 ios sim sim i386-apple-ios-simulator
i586-unknown-linux-gnu le32-u64a4-f64a4-atomic64 x86 linux gnu - =
i586-unknown-linux-musl le32-u64a4-f64a4-atomic64 x86 linux musl - =
i586-unknown-netbsd le32-u64a4-f64a4-atomic64 x86 netbsd - - i586-unknown-netbsdelf
i586-unknown-redox le32-u64a4-f64a4-atomic64 x86 redox relibc - =
i686-apple-darwin le32-u64a4-f64a4-atomic64 x86 macos - - i686-apple-macosx
i686-linux-android le32-u64a4-f64a4-atomic64 x86 android - - =
i686-pc-nto-qnx700 le32-u64a4-f64a4-atomic64 x86 nto nto70 - i586-pc-unknown
i686-pc-windows-gnu le32-atomic64 x86 windows gnu - =
i686-pc-windows-gnullvm le32-atomic64 x86 windows gnu llvm i686-pc-windows-gnu
i686-pc-windows-msvc le32-atomic64 x86 windows msvc - =
i686-unknown-freebsd le32-u64a4-f64a4-atomic64 x86 freebsd - - =
i686-unknown-haiku le32-u64a4-f64a4-atomic64 x86 haiku - - =
i686-unknown-helenos le32-u64a4-f64a4-atomic64 x86 helenos - - =
i686-unknown-hurd-gnu le32-u64a4-f64a4-atomic64 x86 hurd gnu - =
i686-unknown-linux-gnu le32-u64a4-f64a4-atomic64 x86 linux gnu - =
i686-unknown-linux-musl le32-u64a4-f64a4-atomic64 x86 linux musl - =
i686-unknown-netbsd le32-u64a4-f64a4-atomic64 x86 netbsd - - i686-unknown-netbsdelf
i686-unknown-openbsd le32-u64a4-f64a4-atomic64 x86 openbsd - - =
i686-unknown-uefi le32-atomic64 x86 uefi - - i686-unknown-windows-gnu
i686-uwp-windows-gnu le32-atomic64 x86 windows gnu uwp i686-pc-windows-gnu
i686-uwp-windows-msvc le32-atomic64 x86 windows msvc uwp i686-pc-windows-msvc
i686-win7-windows-gnu le32-atomic64 x86 windows gnu - i686-pc-windows-gnu
i686-win7-windows-msvc le32-atomic64 x86 windows msvc - i686-pc-windows-msvc
i686-wrs-vxworks le32-u64a4-f64a4-atomic64 x86 vxworks gnu - i686-unknown-linux-gnu
loongarch32-unknown-none le32-u128a8 loongarch32 none - - =
loongarch32-unknown-none-softfloat le32-u128a8 loongarch32 none - softfloat loongarch32-unknown-none
loongarch64-unknown-linux-gnu le64 loongarch64 linux gnu - =
loongarch64-unknown-linux-musl le64 loongarch64 linux musl - =
loongarch64-unknown-linux-ohos le64 loongarch64 linux ohos - =
loongarch64-unknown-none le64 loongarch64 none - - =
loongarch64-unknown-none-softfloat le64 loongarch64 none - softfloat loongarch64-unknown-none
m68k-unknown-linux-gnu be32-ptra2-u32a2-u64a4-u128a4 m68k linux gnu - =
m68k-unknown-none-elf be32-ptra2-u32a2-u64a4-u128a4 m68k none - - m68k
mips-mti-none-elf be32-u128a8 mips none - - mips
mips-unknown-linux-gnu be32-u128a8 mips linux gnu - =
mips-unknown-linux-musl be32-u128a8 mips linux musl - =
mips-unknown-linux-uclibc be32-u128a8 mips linux uclibc - mips-unknown-linux-gnu
mips64-openwrt-linux-musl be64 mips64 linux musl abi64 mips64-unknown-linux-musl
mips64-unknown-linux-gnuabi64 be64 mips64 linux gnu abi64 =
mips64-unknown-linux-muslabi64 be64 mips64 linux musl abi64 mips64-unknown-linux-musl
mips64el-unknown-linux-gnuabi64 le64 mips64 linux gnu abi64 =
mips64el-unknown-linux-muslabi64 le64 mips64 linux musl abi64 mips64el-unknown-linux-musl
mipsel-mti-none-elf le32-u128a8 mips none - - mipsel
mipsel-sony-psp le32-u128a8 mips psp - - =
mipsel-sony-psx le32-u128a8-noatomic mips psx - - =
mipsel-unknown-linux-gnu le32-u128a8 mips linux gnu - =
mipsel-unknown-linux-musl le32-u128a8 mips linux musl - =
mipsel-unknown-linux-uclibc le32-u128a8 mips linux uclibc - mipsel-unknown-linux-gnu
mipsel-unknown-netbsd le32-u128a8 mips netbsd - - =
mipsel-unknown-none le32-u128a8 mips none - - =
mipsisa32r6-unknown-linux-gnu be32-u128a8 mips32r6 linux gnu - =
mipsisa32r6el-unknown-linux-gnu le32-u128a8 mips32r6 linux gnu - =
mipsisa64r6-unknown-linux-gnuabi64 be64 mips64r6 linux gnu abi64 =
mipsisa64r6el-unknown-linux-gnuabi64 le64 mips64r6 linux gnu abi64 =
msp430-none-elf le16-max2-noatomic msp430 none - - =
nvptx64-nvidia-cuda le64 nvptx64 cuda - - =
powerpc-unknown-freebsd be32-u128a8 powerpc freebsd - - powerpc-unknown-freebsd13.0
powerpc-unknown-helenos be32-u128a8 powerpc helenos - - =
powerpc-unknown-linux-gnu be32-u128a8 powerpc linux gnu - =
powerpc-unknown-linux-gnuspe be32-u128a8 powerpc linux gnu spe =
powerpc-unknown-linux-musl be32-u128a8 powerpc linux musl - =
powerpc-unknown-linux-muslspe be32-u128a8 powerpc linux musl spe =
powerpc-unknown-netbsd be32-u128a8 powerpc netbsd - - =
powerpc-unknown-openbsd be32-u128a8 powerpc openbsd - - =
powerpc-wrs-vxworks be32-u128a8 powerpc vxworks gnu - powerpc-unknown-linux-gnu
powerpc-wrs-vxworks-spe be32-u128a8 powerpc vxworks gnu spe powerpc-unknown-linux-gnuspe
powerpc64-ibm-aix be64-f64a4 powerpc64 aix - vec-extabi =
powerpc64-unknown-freebsd be64 powerpc64 freebsd - elfv2 =
powerpc64-unknown-linux-gnu be64 powerpc64 linux gnu elfv1 =
powerpc64-unknown-linux-musl be64 powerpc64 linux musl elfv2 =
powerpc64-unknown-openbsd be64 powerpc64 openbsd - elfv2 =
powerpc64-wrs-vxworks be64 powerpc64 vxworks gnu elfv1 powerpc64-unknown-linux-gnu
powerpc64le-unknown-freebsd le64 powerpc64 freebsd - elfv2 =
powerpc64le-unknown-linux-gnu le64 powerpc64 linux gnu elfv2 =
powerpc64le-unknown-linux-musl le64 powerpc64 linux musl elfv2 =
riscv32-wrs-vxworks le32-u128a8 riscv32 vxworks gnu - riscv32-unknown-linux-gnu
riscv32e-unknown-none-elf le32-u128a8-nocas riscv32 none - ilp32e riscv32
riscv32em-unknown-none-elf le32-u128a8-nocas riscv32 none - ilp32e riscv32
riscv32emc-unknown-none-elf le32-u128a8-nocas riscv32 none - ilp32e riscv32
riscv32gc-unknown-linux-gnu le32-u128a8 riscv32 linux gnu - riscv32-unknown-linux-gnu
riscv32gc-unknown-linux-musl le32-u128a8 riscv32 linux musl - riscv32-unknown-linux-musl
riscv32i-unknown-none-elf le32-u128a8-nocas riscv32 none - - riscv32
riscv32im-risc0-zkvm-elf le32-u128a8-atomic64 riscv32 zkvm - - riscv32
riscv32im-unknown-none-elf le32-u128a8-nocas riscv32 none - - riscv32
riscv32ima-unknown-none-elf le32-u128a8 riscv32 none - - riscv32
riscv32imac-esp-espidf le32-u128a8 riscv32 espidf newlib - riscv32
riscv32imac-unknown-none-elf le32-u128a8 riscv32 none - - riscv32
riscv32imac-unknown-nuttx-elf le32-u128a8 riscv32 nuttx - - riscv32
riscv32imac-unknown-xous-elf le32-u128a8 riscv32 xous - - riscv32
riscv32imafc-esp-espidf le32-u128a8 riscv32 espidf newlib - riscv32
riscv32imafc-unknown-none-elf le32-u128a8 riscv32 none - - riscv32
riscv32imafc-unknown-nuttx-elf le32-u128a8 riscv32 nuttx - - riscv32
riscv32imc-esp-espidf le32-u128a8 riscv32 espidf newlib - riscv32
riscv32imc-unknown-none-elf le32-u128a8-nocas riscv32 none - - riscv32
riscv32imc-unknown-nuttx-elf le32-u128a8 riscv32 nuttx - - riscv32
riscv64-linux-android le64 riscv64 android - - =
riscv64-wrs-vxworks le64 riscv64 vxworks gnu - riscv64-unknown-linux-gnu
riscv64a23-unknown-linux-gnu le64 riscv64 linux gnu - riscv64-unknown-linux-gnu
riscv64gc-unknown-freebsd le64 riscv64 freebsd - - riscv64-unknown-freebsd
riscv64gc-unknown-fuchsia le64 riscv64 fuchsia - - riscv64-unknown-fuchsia
riscv64gc-unknown-hermit le64 riscv64 hermit - - riscv64-unknown-hermit
riscv64gc-unknown-linux-gnu le64 riscv64 linux gnu - riscv64-unknown-linux-gnu
riscv64gc-unknown-linux-musl le64 riscv64 linux musl - riscv64-unknown-linux-musl
riscv64gc-unknown-managarm-mlibc le64 riscv64 managarm mlibc - riscv64-unknown-managarm-mlibc
riscv64gc-unknown-netbsd le64 riscv64 netbsd - - riscv64-unknown-netbsd
riscv64gc-unknown-none-elf le64 riscv64 none - - riscv64
riscv64gc-unknown-nuttx-elf le64 riscv64 nuttx - - riscv64
riscv64gc-unknown-openbsd le64 riscv64 openbsd - - riscv64-unknown-openbsd
riscv64gc-unknown-redox le64 riscv64 redox relibc - riscv64-unknown-redox
riscv64im-unknown-none-elf le64-nocas riscv64 none - - riscv64
riscv64imac-unknown-none-elf le64 riscv64 none - - riscv64
riscv64imac-unknown-nuttx-elf le64 riscv64 nuttx - - riscv64
s390x-unknown-linux-gnu be64-u128a8 s390x linux gnu - =
s390x-unknown-linux-musl be64-u128a8 s390x linux musl - =
s390x-unknown-none-softfloat be64-u128a8 s390x none - softfloat s390x-unknown-linux-gnu
sparc-unknown-linux-gnu be32 sparc linux gnu - =
sparc-unknown-none-elf be32 sparc none - - =
sparc64-unknown-helenos be64 sparc64 helenos - - =
sparc64-unknown-linux-gnu be64 sparc64 linux gnu - =
sparc64-unknown-netbsd be64 sparc64 netbsd - - =
sparc64-unknown-openbsd be64 sparc64 openbsd - - =
sparcv9-sun-solaris be64 sparc64 solaris - - =
thumbv4t-none-eabi le32-u128a8-noatomic arm none - eabi =
thumbv5te-none-eabi le32-u128a8-noatomic arm none - eabi =
thumbv6-none-eabi le32-u128a8 arm none - eabi =
thumbv6m-none-eabi le32-u128a8-nocas arm none - eabi =
thumbv6m-nuttx-eabi le32-u128a8 arm nuttx - eabi thumbv6m-none-eabi
thumbv7a-none-eabi le32-u128a8-atomic64 arm none - eabi =
thumbv7a-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
thumbv7a-nuttx-eabi le32-u128a8-atomic64 arm nuttx - eabi thumbv7a-none-eabi
thumbv7a-nuttx-eabihf le32-u128a8-atomic64 arm nuttx - eabihf thumbv7a-none-eabihf
thumbv7a-pc-windows-msvc le32-u128a8-atomic64 arm windows msvc - =
thumbv7a-uwp-windows-msvc le32-u128a8-atomic64 arm windows msvc uwp thumbv7a-pc-windows-msvc
thumbv7em-none-eabi le32-u128a8 arm none - eabi =
thumbv7em-none-eabihf le32-u128a8 arm none - eabihf =
thumbv7em-nuttx-eabi le32-u128a8 arm nuttx - eabi thumbv7em-none-eabi
thumbv7em-nuttx-eabihf le32-u128a8 arm nuttx - eabihf thumbv7em-none-eabihf
thumbv7m-none-eabi le32-u128a8 arm none - eabi =
thumbv7m-nuttx-eabi le32-u128a8 arm nuttx - eabi thumbv7m-none-eabi
thumbv7neon-linux-androideabi le32-u128a8-atomic64 arm android - eabi armv7-none-linux-android
thumbv7neon-unknown-linux-gnueabihf le32-u128a8-atomic64 arm linux gnu eabihf armv7-unknown-linux-gnueabihf
thumbv7neon-unknown-linux-musleabihf le32-u128a8-atomic64 arm linux musl eabihf armv7-unknown-linux-musleabihf
thumbv7r-none-eabi le32-u128a8-atomic64 arm none - eabi =
thumbv7r-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
thumbv8m.base-none-eabi le32-u128a8 arm none - eabi =
thumbv8m.base-nuttx-eabi le32-u128a8 arm nuttx - eabi thumbv8m.base-none-eabi
thumbv8m.main-none-eabi le32-u128a8 arm none - eabi =
thumbv8m.main-none-eabihf le32-u128a8 arm none - eabihf =
thumbv8m.main-nuttx-eabi le32-u128a8 arm nuttx - eabi thumbv8m.main-none-eabi
thumbv8m.main-nuttx-eabihf le32-u128a8 arm nuttx - eabihf thumbv8m.main-none-eabihf
thumbv8r-none-eabihf le32-u128a8-atomic64 arm none - eabihf =
wasm32-unknown-emscripten le32-atomic64 wasm32 emscripten - - =
wasm32-unknown-unknown le32-atomic64 wasm32 unknown - - =
wasm32-wali-linux-musl le32-atomic64 wasm32 linux musl - wasm32-wasi
wasm32-wasip1 le32-atomic64 wasm32 wasi p1 - =
wasm32-wasip1-threads le32-atomic64 wasm32 wasi p1 - wasm32-wasi
wasm32-wasip2 le32-atomic64 wasm32 wasi p2 - =
wasm32-wasip3 le32-atomic64 wasm32 wasi p3 - =
wasm32v1-none le32-atomic64 wasm32 none - - wasm32-unknown-unknown
wasm64-unknown-unknown le64 wasm64 unknown - - =
x86_64-apple-darwin le64 x86_64 macos - - x86_64-apple-macosx
x86_64-apple-ios le64 x86_64 ios sim sim x86_64-apple-ios-simulator
x86_64-apple-ios-macabi le64 x86_64 ios macabi macabi =
x86_64-apple-tvos le64 x86_64 tvos sim sim x86_64-apple-tvos-simulator
x86_64-apple-watchos-sim le64 x86_64 watchos sim sim x86_64-apple-watchos-simulator
x86_64-fortanix-unknown-sgx le64 x86_64 unknown sgx fortanix x86_64-elf
x86_64-linux-android le64 x86_64 android - - =
x86_64-lynx-lynxos178 le64 x86_64 lynxos178 - - x86_64-unknown-unknown-gnu
x86_64-pc-cygwin le64 x86_64 cygwin - - =
x86_64-pc-nto-qnx710 le64 x86_64 nto nto71 - x86_64-pc-unknown
x86_64-pc-nto-qnx710_iosock le64 x86_64 nto nto71_iosock - x86_64-pc-unknown
x86_64-pc-nto-qnx800 le64 x86_64 nto nto80 - x86_64-pc-unknown
x86_64-pc-solaris le64 x86_64 solaris - - =
x86_64-pc-windows-gnu le64 x86_64 windows gnu - =
x86_64-pc-windows-gnullvm le64 x86_64 windows gnu llvm x86_64-pc-windows-gnu
x86_64-pc-windows-msvc le64 x86_64 windows msvc - =
x86_64-unikraft-linux-musl le64 x86_64 linux musl - x86_64-unknown-linux-musl
x86_64-unknown-dragonfly le64 x86_64 dragonfly - - =
x86_64-unknown-freebsd le64 x86_64 freebsd - - =
x86_64-unknown-fuchsia le64 x86_64 fuchsia - - =
x86_64-unknown-haiku le64 x86_64 haiku - - =
x86_64-unknown-helenos le64 x86_64 helenos - - =
x86_64-unknown-hermit le64 x86_64 hermit - - =
x86_64-unknown-hurd-gnu le64 x86_64 hurd gnu - =
x86_64-unknown-illumos le64 x86_64 illumos - - x86_64-pc-solaris
x86_64-unknown-l4re-uclibc le64 x86_64 l4re uclibc - x86_64-unknown-l4re-gnu
x86_64-unknown-linux-gnu le64 x86_64 linux gnu - =
x86_64-unknown-linux-gnuasan le64 x86_64 linux gnu - x86_64-unknown-linux-gnu
x86_64-unknown-linux-gnux32 le32-atomic64 x86_64 linux gnu x32 =
x86_64-unknown-linux-musl le64 x86_64 linux musl - =
x86_64-unknown-linux-none le64 x86_64 linux - - =
x86_64-unknown-linux-ohos le64 x86_64 linux ohos - =
x86_64-unknown-managarm-mlibc le64 x86_64 managarm mlibc - =
x86_64-unknown-motor le64 x86_64 motor - - x86_64-unknown-none-elf
x86_64-unknown-netbsd le64 x86_64 netbsd - - =
x86_64-unknown-none le64 x86_64 none - - x86_64-unknown-none-elf
x86_64-unknown-openbsd le64 x86_64 openbsd - - =
x86_64-unknown-redox le64 x86_64 redox relibc - =
x86_64-unknown-trusty le64 x86_64 trusty - - x86_64-unknown-unknown-musl
x86_64-unknown-uefi le64 x86_64 uefi - - x86_64-unknown-windows
x86_64-uwp-windows-gnu le64 x86_64 windows gnu uwp x86_64-pc-windows-gnu
x86_64-uwp-windows-msvc le64 x86_64 windows msvc uwp x86_64-pc-windows-msvc
x86_64-win7-windows-gnu le64 x86_64 windows gnu - x86_64-pc-windows-gnu
x86_64-win7-windows-msvc le64 x86_64 windows msvc - x86_64-pc-windows-msvc
x86_64-wrs-vxworks le64 x86_64 vxworks gnu - x86_64-unknown-linux-gnu
x86_64h-apple-darwin le64 x86_64 macos - - x86_64h-apple-macosx
xtensa-esp32-espidf le32 xtensa espidf newlib - xtensa-none-elf
xtensa-esp32-none-elf le32 xtensa none - - xtensa-none-elf
xtensa-esp32s2-espidf le32 xtensa espidf newlib - xtensa-none-elf
xtensa-esp32s2-none-elf le32-nocas xtensa none - - xtensa-none-elf
xtensa-esp32s3-espidf le32 xtensa espidf newlib - xtensa-none-elf
xtensa-esp32s3-none-elf le32 xtensa none - - xtensa-none-elf
"""
