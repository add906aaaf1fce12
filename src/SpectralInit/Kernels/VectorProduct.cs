using System.Numerics;
using System.Numerics.Tensors;

namespace SpectralInit.Kernels;

/// <summary>Matrix times vector: each entry of the matrix is used once, so it is read where it lies.</summary>
internal static unsafe class VectorProduct
{
    private const int RowsPerPart = 64, ColumnsPerPart = 1024;

    /// <summary>Multiplications below which the calling thread does it alone.</summary>
    private const double ParallelWork = 2e5;

    /// <summary>y[i·step] ← α·op(A)·x + β·y for op(A) rows×length, row-major with leading dimension lda; β = 0 does not read y.</summary>
    public static void Multiply<T>(bool transpose, nint rows, nint length, T alpha, T* a, nint lda, T* x, nint xStep, T beta, T* y, nint yStep)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using Scratch<T> vectors = Scratch.Rent<T>(length + rows);
        T* input = vectors.Pointer, sums = input + length;
        for (nint p = 0; p < length; p++)
            input[p] = x[p * xStep];
        if (transpose)
            Each(rows, ColumnsPerPart, length, (first, count) => Accumulate(a + first, lda, length, input, new Span<T>(sums + first, (int)count)));
        else
            Each(rows, RowsPerPart, length, (first, count) => Dots(a + (first * lda), lda, length, input, new Span<T>(sums + first, (int)count)));
        for (nint i = 0; i < rows; i++)
            y[i * yStep] = beta == T.Zero ? alpha * sums[i] : (alpha * sums[i]) + (beta * y[i * yStep]);
    }

    private static void Dots<T>(T* a, nint lda, nint length, T* x, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < sums.Length; i++)
        {
            // Spans hold 2³¹ values at most.
            T sum = T.Zero;
            for (nint from = 0; from < length; from += 1 << 24)
            {
                int count = (int)Math.Min(1 << 24, length - from);
                sum += TensorPrimitives.Dot(new ReadOnlySpan<T>(a + (i * lda) + from, count), new ReadOnlySpan<T>(x + from, count));
            }

            sums[i] = sum;
        }
    }

    private static void Accumulate<T>(T* a, nint lda, nint length, T* x, Span<T> sums)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        sums.Clear();
        for (nint p = 0; p < length; p++)
            TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(a + (p * lda), sums.Length), x[p], sums, sums);
    }

    private static void Each(nint count, int perPart, nint length, Action<nint, nint> body)
    {
        int parts = (int)((count + perPart - 1) / perPart);
        void Part(int part) => body(part * (nint)perPart, Math.Min(perPart, count - (part * (nint)perPart)));
        if ((double)count * length >= ParallelWork)
        {
            Parallelism.Run(parts, Part);
            return;
        }

        for (int part = 0; part < parts; part++)
            Part(part);
    }
}
