using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SpectralInit.Kernels;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011):
/// key = seed, counter = (block, stream), four 32-bit words per block. Integer arithmetic only, so every path gives the same bits.
/// </summary>
internal static unsafe class Philox
{
    /// <summary>Blocks and 32-bit words of a single-precision tile: element 64·t + 16·w + j is word w of block 16·t + j.</summary>
    public const int SingleTile = 64;

    /// <summary>64-bit words of a double-precision tile: element 16·t + 8·h + j is half h (words 2h, 2h+1, the first one high) of block 8·t + j.</summary>
    public const int DoubleTile = 16;

    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>One block, by the definition.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(ulong seed, ulong stream, ulong block)
    {
        uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32), k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0, p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>The words of single-precision tiles <paramref name="tile"/> … + <paramref name="tiles"/> − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Words(RandomPath path, uint* destination, ulong seed, ulong stream, ulong tile, int tiles)
    {
        ulong* keys = stackalloc ulong[2 * Rounds];
        for (int round = 0; round < Rounds; round++)
        {
            keys[2 * round] = (uint)seed + ((uint)round * Weyl0);
            keys[(2 * round) + 1] = (uint)(seed >> 32) + ((uint)round * Weyl1);
        }

        for (int t = 0; t < tiles; t++, destination += SingleTile)
        {
            ulong block = (tile + (ulong)t) * 16;
            if (path == RandomPath.Bits512)
            {
                if (t + 1 < tiles)
                {
                    TwoTiles512(destination, keys, stream, block);
                    t++;
                    destination += SingleTile;
                }
                else
                {
                    Tile512(destination, seed, stream, block);
                }
            }
            else if (path == RandomPath.Bits256)
            {
                Tile256(destination, seed, stream, block);
                Tile256(destination + 8, seed, stream, block + 8);
            }
            else
            {
                for (int j = 0; j < 16; j++)
                    (destination[j], destination[16 + j], destination[32 + j], destination[48 + j]) = Block(seed, stream, block + (ulong)j);
            }
        }
    }

    /// <summary>The words of double-precision tiles <paramref name="tile"/> … + <paramref name="tiles"/> − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Words(RandomPath path, ulong* destination, ulong seed, ulong stream, ulong tile, int tiles)
    {
        for (int t = 0; t < tiles; t++, destination += DoubleTile)
        {
            ulong block = (tile + (ulong)t) * 8;
            if (path == RandomPath.Bits512)
            {
                Rounds512(Vector512.Create(block) + Vector512.Create(0UL, 1, 2, 3, 4, 5, 6, 7), seed, stream, out Vector512<ulong> x0, out Vector512<ulong> x1, out Vector512<ulong> x2, out Vector512<ulong> x3);
                Vector512<ulong> low = Vector512.Create(0xFFFFFFFFUL);
                ((x0 << 32) | (x1 & low)).Store(destination);
                ((x2 << 32) | (x3 & low)).Store(destination + 8);
            }
            else if (path == RandomPath.Bits256)
            {
                for (int j = 0; j < 8; j += 4)
                {
                    Rounds256(Vector256.Create(block + (ulong)j) + Vector256.Create(0UL, 1, 2, 3), seed, stream, out Vector256<ulong> x0, out Vector256<ulong> x1, out Vector256<ulong> x2, out Vector256<ulong> x3);
                    Vector256<ulong> low = Vector256.Create(0xFFFFFFFFUL);
                    ((x0 << 32) | (x1 & low)).Store(destination + j);
                    ((x2 << 32) | (x3 & low)).Store(destination + 8 + j);
                }
            }
            else
            {
                for (int j = 0; j < 8; j++)
                {
                    (uint x0, uint x1, uint x2, uint x3) = Block(seed, stream, block + (ulong)j);
                    destination[j] = ((ulong)x0 << 32) | x1;
                    destination[8 + j] = ((ulong)x2 << 32) | x3;
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile512(uint* destination, ulong seed, ulong stream, ulong block)
    {
        Vector512<ulong> even = Vector512.Create(block) + Vector512.Create(0UL, 2, 4, 6, 8, 10, 12, 14);
        Rounds512(even, seed, stream, out Vector512<ulong> a0, out Vector512<ulong> a1, out Vector512<ulong> a2, out Vector512<ulong> a3);
        Rounds512(even + Vector512<ulong>.One, seed, stream, out Vector512<ulong> b0, out Vector512<ulong> b1, out Vector512<ulong> b2, out Vector512<ulong> b3);
        StoreTile(destination, a0, a1, a2, a3, b0, b1, b2, b3);
    }

    // Even and odd blocks in two sets of 64-bit lanes: a 32×32→64 bit product per lane, and the words of both interleave to 16 lanes of 32 bits.
    // The upper half of a lane may hold anything between rounds: products read the lower half only.
    // Two tiles in step: one alone waits for its own products most of the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoTiles512(uint* destination, ulong* keys, ulong stream, ulong block)
    {
        Vector512<ulong> m0 = Vector512.Create((ulong)Multiplier0), m1 = Vector512.Create((ulong)Multiplier1);
        Vector512<ulong> a0 = Vector512.Create(block) + Vector512.Create(0UL, 2, 4, 6, 8, 10, 12, 14), b0 = a0 + Vector512<ulong>.One;
        Vector512<ulong> c0 = a0 + Vector512.Create(16UL), d0 = b0 + Vector512.Create(16UL);
        Vector512<ulong> a1 = a0 >>> 32, b1 = b0 >>> 32, c1 = c0 >>> 32, d1 = d0 >>> 32;
        Vector512<ulong> a2 = Vector512.Create(stream), b2 = a2, c2 = a2, d2 = a2, a3 = a2 >>> 32, b3 = a3, c3 = a3, d3 = a3;
        for (ulong* end = keys + (2 * Rounds); keys < end; keys += 2)
        {
            Vector512<ulong> k0 = Vector512.Create(keys[0]), k1 = Vector512.Create(keys[1]);
            Vector512<ulong> p0 = Avx512F.Multiply(a0.AsUInt32(), m0.AsUInt32()), p1 = Avx512F.Multiply(a2.AsUInt32(), m1.AsUInt32());
            Vector512<ulong> q0 = Avx512F.Multiply(b0.AsUInt32(), m0.AsUInt32()), q1 = Avx512F.Multiply(b2.AsUInt32(), m1.AsUInt32());
            Vector512<ulong> r0 = Avx512F.Multiply(c0.AsUInt32(), m0.AsUInt32()), r1 = Avx512F.Multiply(c2.AsUInt32(), m1.AsUInt32());
            Vector512<ulong> s0 = Avx512F.Multiply(d0.AsUInt32(), m0.AsUInt32()), s1 = Avx512F.Multiply(d2.AsUInt32(), m1.AsUInt32());
            a0 = (p1 >>> 32) ^ a1 ^ k0;
            a2 = (p0 >>> 32) ^ a3 ^ k1;
            b0 = (q1 >>> 32) ^ b1 ^ k0;
            b2 = (q0 >>> 32) ^ b3 ^ k1;
            c0 = (r1 >>> 32) ^ c1 ^ k0;
            c2 = (r0 >>> 32) ^ c3 ^ k1;
            d0 = (s1 >>> 32) ^ d1 ^ k0;
            d2 = (s0 >>> 32) ^ d3 ^ k1;
            (a1, a3, b1, b3, c1, c3, d1, d3) = (p1, p0, q1, q0, r1, r0, s1, s0);
        }

        StoreTile(destination, a0, a1, a2, a3, b0, b1, b2, b3);
        StoreTile(destination + SingleTile, c0, c1, c2, c3, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreTile(
        uint* destination, Vector512<ulong> a0, Vector512<ulong> a1, Vector512<ulong> a2, Vector512<ulong> a3, Vector512<ulong> b0, Vector512<ulong> b1, Vector512<ulong> b2, Vector512<ulong> b3)
    {
        Vector512<ulong> low = Vector512.Create(0xFFFFFFFFUL);
        ((a0 & low) | (b0 << 32)).AsUInt32().Store(destination);
        ((a1 & low) | (b1 << 32)).AsUInt32().Store(destination + 16);
        ((a2 & low) | (b2 << 32)).AsUInt32().Store(destination + 32);
        ((a3 & low) | (b3 << 32)).AsUInt32().Store(destination + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile256(uint* destination, ulong seed, ulong stream, ulong block)
    {
        Vector256<ulong> even = Vector256.Create(block) + Vector256.Create(0UL, 2, 4, 6), low = Vector256.Create(0xFFFFFFFFUL);
        Rounds256(even, seed, stream, out Vector256<ulong> a0, out Vector256<ulong> a1, out Vector256<ulong> a2, out Vector256<ulong> a3);
        Rounds256(even + Vector256<ulong>.One, seed, stream, out Vector256<ulong> b0, out Vector256<ulong> b1, out Vector256<ulong> b2, out Vector256<ulong> b3);
        ((a0 & low) | (b0 << 32)).AsUInt32().Store(destination);
        ((a1 & low) | (b1 << 32)).AsUInt32().Store(destination + 16);
        ((a2 & low) | (b2 << 32)).AsUInt32().Store(destination + 32);
        ((a3 & low) | (b3 << 32)).AsUInt32().Store(destination + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds512(Vector512<ulong> counter, ulong seed, ulong stream, out Vector512<ulong> c0, out Vector512<ulong> c1, out Vector512<ulong> c2, out Vector512<ulong> c3)
    {
        c0 = counter;
        c1 = counter >>> 32;
        c2 = Vector512.Create(stream);
        c3 = Vector512.Create(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector512<ulong> p0 = Avx512F.Multiply(c0.AsUInt32(), Vector512.Create((ulong)Multiplier0).AsUInt32());
            Vector512<ulong> p1 = Avx512F.Multiply(c2.AsUInt32(), Vector512.Create((ulong)Multiplier1).AsUInt32());
            c0 = (p1 >>> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rounds256(Vector256<ulong> counter, ulong seed, ulong stream, out Vector256<ulong> c0, out Vector256<ulong> c1, out Vector256<ulong> c2, out Vector256<ulong> c3)
    {
        c0 = counter;
        c1 = counter >>> 32;
        c2 = Vector256.Create(stream);
        c3 = Vector256.Create(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            Vector256<ulong> p0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create((ulong)Multiplier0).AsUInt32());
            Vector256<ulong> p1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create((ulong)Multiplier1).AsUInt32());
            c0 = (p1 >>> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >>> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
    }
}
