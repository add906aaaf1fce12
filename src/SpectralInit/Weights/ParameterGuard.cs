using System.Runtime.CompilerServices;

namespace SpectralInit;

/// <summary>The checks of initializer parameters, made at construction.</summary>
internal static class ParameterGuard
{
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, "Choose a finite number.");

    public static double FiniteNonNegative(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        double.IsFinite(value) && value >= 0 ? value : throw new ArgumentOutOfRangeException(parameter, value, "Choose a finite number of at least 0.");

    public static double FinitePositive(double value, [CallerArgumentExpression(nameof(value))] string? parameter = null) =>
        double.IsFinite(value) && value > 0 ? value : throw new ArgumentOutOfRangeException(parameter, value, "Choose a finite number above 0.");

    public static TEnum Defined<TEnum>(TEnum value, [CallerArgumentExpression(nameof(value))] string? parameter = null)
        where TEnum : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, $"Choose one of {string.Join(", ", Enum.GetNames<TEnum>())}.");
}
