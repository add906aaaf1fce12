namespace SpectralInit.Kernels;

/// <summary>Pooled working memory, aligned to cache lines. Blocks are pinned managed memory, so one that is never returned is still collected.</summary>
internal static class Scratch
{
    /// <summary>What the pool keeps at most, in bytes.</summary>
    private const long Capacity = 256L << 20;

    private const int SmallestClass = 12, LargestClass = 27;

    private static readonly Stack<ulong[]>?[] s_classes = new Stack<ulong[]>?[LargestClass + 1];
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
            if (s_classes[size] is { Count: > 0 } stack)
            {
                s_kept -= 1L << size;
                return stack.Pop();
            }
        }

        return GC.AllocateUninitializedArray<ulong>(1 << (size - 3), pinned: true);
    }

    internal static void Return(ulong[] block)
    {
        long bytes = 8L * block.Length;
        int size = ClassOf(bytes);
        if (size > LargestClass || bytes != 1L << size)
            return;
        lock (s_gate)
        {
            if (s_kept + bytes > Capacity)
                return;
            s_kept += bytes;
            (s_classes[size] ??= new Stack<ulong[]>()).Push(block);
        }
    }

    private static int ClassOf(long bytes) => Math.Max(SmallestClass, 64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)Math.Max(bytes, 1) - 1));
}
