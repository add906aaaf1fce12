Console.WriteLine("SpectralInit evidence");
