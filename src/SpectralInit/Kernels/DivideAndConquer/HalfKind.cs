namespace SpectralInit.Kernels;

/// <summary>In which half of a merged problem a row has entries; kept rows are gathered in this order, so that zeros are not multiplied.</summary>
internal enum HalfKind : byte
{
    First,
    Both,
    Second,
}
