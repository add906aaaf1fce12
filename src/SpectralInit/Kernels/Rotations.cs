namespace SpectralInit.Kernels;

/// <summary>By how many places vectors are rotated; a type, so that it is known when the kernel is compiled.</summary>
internal interface IRotations
{
    static abstract int Count { get; }
}

internal readonly struct NoRotation : IRotations
{
    public static int Count => 0;
}

internal readonly struct OneRotation : IRotations
{
    public static int Count => 1;
}

internal readonly struct TwoRotations : IRotations
{
    public static int Count => 2;
}

internal readonly struct ThreeRotations : IRotations
{
    public static int Count => 3;
}

internal readonly struct FourRotations : IRotations
{
    public static int Count => 4;
}

internal readonly struct FiveRotations : IRotations
{
    public static int Count => 5;
}

internal readonly struct SixRotations : IRotations
{
    public static int Count => 6;
}

internal readonly struct SevenRotations : IRotations
{
    public static int Count => 7;
}

internal readonly struct EightRotations : IRotations
{
    public static int Count => 8;
}
