using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>Pooled working memory, aligned to cache lines. Blocks are pinned managed memory, so one that is never returned is still collected.</summary>
internal static class Scratch
{
    /// <summary>What the pool keeps at most, in bytes.</summary>
    private const long Capacity = 256L << 20;

    /// <summary>Sizes go from 4 KB to 128 MB, four to each doubling.</summary>
    private const int SmallestExponent = 12, LargestClass = 4 * (27 - SmallestExponent);

    private static readonly Stack<ulong[]>[] s_classes = [.. Enumerable.Range(0, LargestClass + 1).Select(_ => new Stack<ulong[]>())];
    private static readonly Lock s_gate = new();
    private static long s_kept;

    /// <summary>Memory for <paramref name="count"/> values, 64-byte aligned, with whatever it held before.</summary>
    public static Scratch<T> Rent<T>(long count)
        where T : unmanaged => new(count);

    /// <summary>Memory for <paramref name="count"/> values, 64-byte aligned, zero.</summary>
    public static unsafe Scratch<T> RentCleared<T>(long count)
        where T : unmanaged
    {
        Scratch<T> scratch = new(count);
        System.Runtime.InteropServices.NativeMemory.Clear(scratch.Pointer, checked((nuint)count * (nuint)sizeof(T)));
        return scratch;
    }

    internal static ulong[] Take(long bytes)
    {
        int size = ClassOf(bytes);
        if (size > LargestClass)
            return GC.AllocateUninitializedArray<ulong>(checked((int)((bytes + 7) / 8)), pinned: true);
        lock (s_gate)
        {
            // One that is not twice as large does as well.
            for (int i = size; i <= Math.Min(size + 3, LargestClass); i++)
            {
                if (s_classes[i].TryPop(out ulong[]? block))
                {
                    s_kept -= SizeOf(i);
                    return block;
                }
            }
        }

        return GC.AllocateUninitializedArray<ulong>((int)(SizeOf(size) / 8), pinned: true);
    }

    internal static void Return(ulong[] block)
    {
        long bytes = 8L * block.Length;
        int size = ClassOf(bytes);
        if (size > LargestClass || bytes != SizeOf(size))
            return;
        lock (s_gate)
        {
            // Sizes no longer in use give way.
            for (int i = LargestClass; i >= 0 && s_kept + bytes > Capacity; i--)
            {
                while (i != size && s_kept + bytes > Capacity && s_classes[i].TryPop(out _))
                    s_kept -= SizeOf(i);
            }

            if (s_kept + bytes > Capacity)
                return;
            s_kept += bytes;
            s_classes[size].Push(block);
        }
    }

    private static int ClassOf(long bytes)
    {
        // Five to eight quarters of the power of two below.
        int exponent = BitOperations.Log2((ulong)Math.Max(bytes - 1, 0) | 1);
        return exponent < SmallestExponent ? 0 : (4 * (exponent - SmallestExponent)) + (int)((bytes - 1) >> (exponent - 2)) - 3;
    }

    private static long SizeOf(int size) => size == 0 ? 1L << SmallestExponent : (5L + ((size - 1) % 4)) << (SmallestExponent - 2 + ((size - 1) / 4));
}
