using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>
/// Counter-based random fills: element i depends only on (seed, stream, i). Philox4x32-10 (Salmon et al., "Parallel random numbers:
/// as easy as 1, 2, 3", SC 2011) with key = seed and counter = (block index, stream).
/// </summary>
internal static class RandomFill
{
    /// <summary>destination[i] ← mean + deviation · z(seed, stream, offset + i), z standard normal.</summary>
    public static void Normal<T>(Span<T> destination, double mean, double deviation, ulong seed, ulong stream = 0, long offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            (double u1, double u2) = Pair(seed, stream, (ulong)(offset + i) / 2);
            double radius = Math.Sqrt(-2 * Math.Log(1 - u1));
            (double sin, double cos) = Math.SinCos(2 * Math.PI * u2);
            destination[i] = T.CreateTruncating(mean + (deviation * radius * (((offset + i) & 1) == 0 ? cos : sin)));
        }
    }

    /// <summary>destination[i] ← low + (high − low) · u(seed, stream, offset + i), u uniform on [0, 1).</summary>
    public static void Uniform<T>(Span<T> destination, double low, double high, ulong seed, ulong stream = 0, long offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < destination.Length; i++)
        {
            (double u1, double u2) = Pair(seed, stream, (ulong)(offset + i) / 2);
            destination[i] = T.CreateTruncating(low + ((high - low) * (((offset + i) & 1) == 0 ? u1 : u2)));
        }
    }

    private static (double First, double Second) Pair(ulong seed, ulong stream, ulong block)
    {
        uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32), k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (((((ulong)c0 << 32) | c1) >> 11) * (1.0 / 9007199254740992), ((((ulong)c2 << 32) | c3) >> 11) * (1.0 / 9007199254740992));
    }
}
