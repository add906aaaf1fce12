using System.Numerics;

namespace SpectralInit.Kernels;

/// <summary>C ← α·A·B + β·C with A[i, p] = A[i·AStep + p·AStepK] and B[p, j] = B[j·BStep + p·BStepK]; C row-major.</summary>
internal readonly unsafe struct ProductOperands<T>(nint m, nint n, nint k, T alpha, T beta, T* c, nint ldc)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public readonly nint M = m, N = n, K = k, LdC = ldc;
    public readonly T Alpha = alpha, Beta = beta;
    public readonly T* C = c;

    public required T* A { get; init; }

    public required nint AStep { get; init; }

    public required nint AStepK { get; init; }

    public required T* B { get; init; }

    public required nint BStep { get; init; }

    public required nint BStepK { get; init; }
}
