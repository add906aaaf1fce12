namespace SpectralInit;

/// <summary>What every room throws for an option out of range: the exception names the property, as the options' own checks do.</summary>
internal static class OptionError
{
    public static ArgumentOutOfRangeException Of(string property, object? value, string message) => new(property, value, message);
}
