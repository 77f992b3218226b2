# Install rules: headers, library, CMake package, pkg-config file, program, man pages.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/handfast DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  FILES_MATCHING PATTERN "*.hpp")
install(TARGETS handfast EXPORT handfastTargets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/handfast)
install(EXPORT handfastTargets NAMESPACE handfast:: DESTINATION ${package_dir})
# Before 1.0 a new minor version may change the API.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/handfastConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/handfastConfig.cmake.in
  ${PROJECT_BINARY_DIR}/handfastConfig.cmake INSTALL_DESTINATION ${package_dir})
install(FILES ${PROJECT_BINARY_DIR}/handfastConfig.cmake ${PROJECT_BINARY_DIR}/handfastConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindBrotli.cmake ${PROJECT_SOURCE_DIR}/cmake/FindZstd.cmake
  DESTINATION ${package_dir})

# A static library needs its own libraries at every link; a shared one has them inside.
get_target_property(library_type handfast TYPE)
set(PC_LIBRARIES "libcrypto >= 3.0, zlib, libbrotlienc, libbrotlidec, libzstd, fmt")
if(library_type STREQUAL "STATIC_LIBRARY")
  set(PC_REQUIRES "Requires: ${PC_LIBRARIES}")
  set(PC_LIBS_PRIVATE "")
  set(PC_LIBS "-lhandfast -pthread")
else()
  set(PC_REQUIRES "Requires.private: ${PC_LIBRARIES}")
  set(PC_LIBS_PRIVATE "-pthread")
  set(PC_LIBS "-lhandfast")
endif()
file(RELATIVE_PATH PC_PREFIX /p/${CMAKE_INSTALL_LIBDIR}/pkgconfig /p)
configure_file(${PROJECT_SOURCE_DIR}/cmake/handfast.pc.in ${PROJECT_BINARY_DIR}/handfast.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/handfast.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET handfast_tool)
  install(TARGETS handfast_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  file(GLOB man_pages CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/man/*.1)
  install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
