namespace SpectralInit.Kernels;

/// <summary>What happens to a vector beside its products with itself.</summary>
internal interface IRole
{
    /// <summary>Its values are spread over the lanes first.</summary>
    static abstract bool Spreads { get; }

    /// <summary>It is written to memory.</summary>
    static abstract bool Keeps { get; }

    /// <summary>Its products with the first columns are taken as well.</summary>
    static abstract bool TakesFirst { get; }
}

internal readonly struct InPlace : IRole
{
    public static bool Spreads => false;

    public static bool Keeps => false;

    public static bool TakesFirst => false;
}

internal readonly struct Spread : IRole
{
    public static bool Spreads => true;

    public static bool Keeps => false;

    public static bool TakesFirst => false;
}

internal readonly struct Kept : IRole
{
    public static bool Spreads => false;

    public static bool Keeps => true;

    public static bool TakesFirst => false;
}

internal readonly struct KeptWithFirst : IRole
{
    public static bool Spreads => false;

    public static bool Keeps => true;

    public static bool TakesFirst => true;
}
