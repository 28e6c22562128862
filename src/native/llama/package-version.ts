/** The npm package whose libraries the struct layouts are for: the same version for every device. */
export const LIBRARY_PACKAGE_VERSION = '3.21.1';
