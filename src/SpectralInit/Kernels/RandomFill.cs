using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SpectralInit.Kernels;

/// <summary>
/// Counter-based random fills, specified in docs/random.md: element i depends only on (seed, stream, i) and the distribution, with the same bits on
/// every processor, thread count and chunking. float and double are separate streams; Half is the float stream rounded.
/// </summary>
internal static unsafe class RandomFill
{
    private const int ChunkLength = 1 << 16, BlockLength = 1024;

    /// <summary>destination[i] ← mean + deviation · z(seed, stream, offset + i), z standard normal; |z| &lt; 6.77 in float and Half, 8.58 in double.</summary>
    /// <exception cref="ArgumentException">T cannot hold the largest draw.</exception>
    public static void Normal<T>(Span<T> destination, double mean, double deviation, ulong seed, ulong stream = 0, long offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Representable<T>(Math.Abs(mean) + (Math.Abs(deviation) * (typeof(T) == typeof(double) ? 8.58 : 6.77)), nameof(deviation));
        if (typeof(T) == typeof(double))
            Fill(Cast<T, double>(destination), new NormalDraw<double>(mean, deviation), seed, stream, offset);
        else if (typeof(T) == typeof(float))
            Fill(Cast<T, float>(destination), new NormalDraw<float>((float)mean, (float)deviation), seed, stream, offset);
        else
            FillHalf(Cast<T, Half>(destination), new NormalDraw<float>((float)mean, (float)deviation), seed, stream, offset);
    }

    /// <summary>
    /// destination[i] uniform on [low, high), both rounded to float or double; all equal to low when nothing lies between. Symmetric intervals
    /// give symmetric draws that never reach either end.
    /// </summary>
    /// <exception cref="ArgumentException">T cannot hold the bounds.</exception>
    public static void Uniform<T>(Span<T> destination, double low, double high, ulong seed, ulong stream = 0, long offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Representable<T>(low, nameof(low));
        Representable<T>(high, nameof(high));
        double middle = (0.5 * low) + (0.5 * high), half = (0.5 * high) - (0.5 * low);
        if (typeof(T) == typeof(double))
        {
            Fill(Cast<T, double>(destination), new UniformDraw<double>(middle, half, low, Below(low, high)), seed, stream, offset);
            return;
        }

        UniformDraw<float> draw = new((float)middle, (float)half, (float)low, Below((float)low, (float)high));
        if (typeof(T) == typeof(float))
            Fill(Cast<T, float>(destination), draw, seed, stream, offset);
        else
            FillHalf(Cast<T, Half>(destination), draw, seed, stream, offset);
    }

    /// <summary>
    /// destination[i] ~ N(mean, deviation²) given low &lt; · &lt; high (each may be infinite), strictly between the bounds rounded to float or double.
    /// Needs deviation &gt; 0, low &lt; high, and a nearer bound within 30 deviations of the mean.
    /// </summary>
    /// <exception cref="ArgumentException">T cannot hold the largest draw.</exception>
    public static void TruncatedNormal<T>(Span<T> destination, double mean, double deviation, double low, double high, ulong seed, ulong stream = 0, long offset = 0)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        double a = (low - mean) / deviation, b = (high - mean) / deviation;
        Representable<T>(Math.Min(Math.Max(Math.Abs(low), Math.Abs(high)), Math.Abs(mean) + (40 * deviation)), nameof(deviation));
        if (b - a < 1e-6)
        {
            // The density changes by less than 30·1e-6 over so narrow an interval.
            Uniform(destination, low, high, seed, stream, offset);
            return;
        }

        TruncatedNormalTails tails = TruncatedNormalTails.Of(a, b);
        if (typeof(T) == typeof(double))
        {
            Fill(Cast<T, double>(destination), new TruncatedNormalDraw<double>(tails, mean, deviation, Above(low, high), Below(low, high)), seed, stream, offset);
            return;
        }

        float lowest = Above((float)low, (float)high), highest = Below((float)low, (float)high);
        if (tails.Smallest < 1e-14 || b - a < 0.25)
        {
            // 24 bits of probability are too few: rounded double draws.
            FillRounded(destination, new TruncatedNormalDraw<double>(tails, mean, deviation, lowest, highest), seed, stream, offset);
            return;
        }

        TruncatedNormalDraw<float> draw = new(tails, mean, deviation, lowest, highest);
        if (typeof(T) == typeof(float))
            Fill(Cast<T, float>(destination), draw, seed, stream, offset);
        else
            FillHalf(Cast<T, Half>(destination), draw, seed, stream, offset);
    }

    /// <summary>Fills with a draw of T's own stream by one of the paths.</summary>
    internal static void Fill<T, TDraw>(Span<T> destination, TDraw draw, ulong seed, ulong stream, long offset, RandomPath? path = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<T>
    {
        RandomPath chosen = path ?? RandomPaths.Best;
        if (destination.Length <= ChunkLength)
            Part(destination, draw, seed, stream, offset, chosen);
        else
            Parts(destination, draw, seed, stream, offset, chosen);
    }

    private static void Parts<T, TDraw>(Span<T> destination, TDraw draw, ulong seed, ulong stream, long offset, RandomPath path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<T>
    {
        int length = destination.Length;
        fixed (T* start = destination)
        {
            T* first = start;
            Parallelism.Run(Chunks(length), chunk =>
            {
                int from = chunk * ChunkLength;
                Part(new Span<T>(first + from, Math.Min(ChunkLength, length - from)), draw, seed, stream, offset + from, path);
            });
        }
    }

    private static void FillHalf<TDraw>(Span<Half> destination, TDraw draw, ulong seed, ulong stream, long offset)
        where TDraw : struct, IDraw<float>
    {
        int length = destination.Length;
        fixed (Half* start = destination)
        {
            Half* first = start;
            Parallelism.Run(Chunks(length), chunk =>
            {
                float* values = stackalloc float[BlockLength];
                int end = Math.Min(length, (chunk + 1) * ChunkLength);
                for (int from = chunk * ChunkLength; from < end; from += BlockLength)
                {
                    Span<float> block = new(values, Math.Min(BlockLength, end - from));
                    Part(block, draw, seed, stream, offset + from, RandomPaths.Best);
                    TensorPrimitives.ConvertToHalf(block, new Span<Half>(first + from, block.Length));
                }
            });
        }
    }

    private static void FillRounded<T, TDraw>(Span<T> destination, TDraw draw, ulong seed, ulong stream, long offset)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<double>
    {
        double* values = stackalloc double[BlockLength];
        for (int from = 0; from < destination.Length; from += BlockLength)
        {
            Span<double> block = new(values, Math.Min(BlockLength, destination.Length - from));
            Part(block, draw, seed, stream, offset + from, RandomPaths.Best);
            for (int i = 0; i < block.Length; i++)
                destination[from + i] = T.CreateTruncating((float)block[i]);
        }
    }

    // Whole tiles are made in place; a tile that is only partly wanted, in a buffer.
    private static void Part<T, TDraw>(Span<T> destination, TDraw draw, ulong seed, ulong stream, long offset, RandomPath path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<T>
    {
        int tileLength = typeof(T) == typeof(float) ? Philox.SingleTile : Philox.DoubleTile;
        T* buffer = stackalloc T[Philox.SingleTile];
        fixed (T* start = destination)
        {
            for (int done = 0; done < destination.Length;)
            {
                ulong position = (ulong)offset + (ulong)done, tile = position / (ulong)tileLength;
                int within = (int)(position % (ulong)tileLength), left = destination.Length - done;
                if (within == 0 && left >= tileLength)
                {
                    int tiles = Math.Min(left, BlockLength) / tileLength;
                    Tiles(start + done, draw, seed, stream, tile, tiles, path);
                    done += tiles * tileLength;
                }
                else
                {
                    int wanted = Math.Min(tileLength - within, left);
                    Tiles(buffer, draw, seed, stream, tile, 1, path);
                    new Span<T>(buffer + within, wanted).CopyTo(destination[done..]);
                    done += wanted;
                }
            }
        }
    }

    private static void Tiles<T, TDraw>(T* tiles, TDraw draw, ulong seed, ulong stream, ulong tile, int count, RandomPath path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TDraw : struct, IDraw<T>
    {
        if (typeof(T) == typeof(float))
        {
            Philox.Words(path, (uint*)tiles, seed, stream, tile, count);
            if (path == RandomPath.Bits512)
                draw.Transform<RandomLanes512<T, uint>, Vector512<T>, Vector512<uint>>(tiles, count);
            else if (path == RandomPath.Bits256)
                draw.Transform<RandomLanes256<T, uint>, Vector256<T>, Vector256<uint>>(tiles, count);
            else
                draw.Transform<RandomLanesScalar<T, uint>, T, uint>(tiles, count);
        }
        else
        {
            Philox.Words(path, (ulong*)tiles, seed, stream, tile, count);
            if (path == RandomPath.Bits512)
                draw.Transform<RandomLanes512<T, ulong>, Vector512<T>, Vector512<ulong>>(tiles, count);
            else if (path == RandomPath.Bits256)
                draw.Transform<RandomLanes256<T, ulong>, Vector256<T>, Vector256<ulong>>(tiles, count);
            else
                draw.Transform<RandomLanesScalar<T, ulong>, T, ulong>(tiles, count);
        }
    }

    private static int Chunks(int length) => (int)(((long)length + ChunkLength - 1) / ChunkLength);

    private static void Representable<T>(double value, string parameter)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (!T.IsFinite(T.CreateTruncating(value)))
            throw new ArgumentException($"Draws of magnitude {value:g3} overflow {typeof(T).Name}; choose smaller parameters or a wider type.", parameter);
    }

    private static T Below<T>(T low, T high)
        where T : IBinaryFloatingPointIeee754<T> => T.Max(low, T.BitDecrement(high));

    private static T Above<T>(T low, T high)
        where T : IBinaryFloatingPointIeee754<T> => T.Min(T.BitIncrement(low), T.Max(low, T.BitDecrement(high)));

    private static Span<TTo> Cast<TFrom, TTo>(Span<TFrom> span)
        where TFrom : unmanaged
        where TTo : unmanaged => MemoryMarshal.Cast<TFrom, TTo>(span);
}
