using System.Collections.Immutable;
using System.Numerics;

namespace SpectralInit;

/// <summary>The spectral radius of a matrix with the evidence for it.</summary>
public sealed record SpectralRadiusResult
{
    /// <summary>ρ = max |λ|.</summary>
    public required double Value { get; init; }

    /// <summary>The eigenvalues on the circle |λ| = ρ (to a relative 1e-8), largest real part first: one, a conjugate pair, ±ρ, or more. Empty for an empty matrix.</summary>
    public required ImmutableArray<Complex> Dominant { get; init; }

    /// <summary>All eigenvalues, by falling modulus, from the direct method; empty from Arnoldi.</summary>
    public ImmutableArray<Complex> Eigenvalues { get; init; } = [];

    /// <summary>‖A·x − λ·x‖₂ ÷ (‖A‖_F·‖x‖₂) for the first dominant eigenvalue and its computed vector (‖A‖_F replaced by |λ| where only products with A are at hand): λ is exact for a matrix that close to A.</summary>
    public required double Residual { get; init; }

    /// <summary>
    /// First-order estimate of |computed ρ − ρ|: the condition number ‖x‖‖y‖/|yᴴx| of the eigenvalue times the rounding error
    /// 2⁻⁵²·‖A‖_F (direct method), or times the residual (Arnoldi, where the condition number is taken from the projected matrix). A defective or nilpotent matrix shows here: an m-fold defective eigenvalue
    /// is determined by its floating-point entries only to about (2⁻⁵²)^(1/m)·‖A‖.
    /// </summary>
    public required double ErrorEstimate { get; init; }

    /// <summary>QR sweeps, or products with A.</summary>
    public required int Iterations { get; init; }

    /// <summary>The method that gave the answer.</summary>
    public required SpectralRadiusMethod Method { get; init; }

    /// <summary>False when Arnoldi spent its products before the tolerance was met and the direct method did not follow: <see cref="Value"/> is then only its best estimate.</summary>
    public required bool Converged { get; init; }

    /// <summary>
    /// True when zero lies within a hundred error estimates: to working precision the matrix cannot be told from a nilpotent one, so do not divide by
    /// <see cref="Value"/>. (The first-order estimate of an m-fold defective eigenvalue is too small by about m.)
    /// </summary>
    public bool MayBeZero => Value <= 100 * ErrorEstimate;

    /// <summary>The radius, its error and the method.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"spectral radius {Value:G10} ± {ErrorEstimate:G2}, by {Method}{(Converged ? "" : ", not converged")}");

    internal SpectralRadiusResult ScaledBy(int exponent) => exponent == 0 ? this : this with
    {
        Value = Math.ScaleB(Value, exponent),
        ErrorEstimate = Math.ScaleB(ErrorEstimate, exponent),
        Dominant = [.. Dominant.Select(value => new Complex(Math.ScaleB(value.Real, exponent), Math.ScaleB(value.Imaginary, exponent)))],
        Eigenvalues = [.. Eigenvalues.Select(value => new Complex(Math.ScaleB(value.Real, exponent), Math.ScaleB(value.Imaginary, exponent)))],
    };
}
