# Headers that nearly every file includes, precompiled once for the library and once for the tests (HANDFAST_PCH).
# Convenience only: each file still includes what it uses; release builds and clang-tidy do without.
set(common_headers <algorithm> <array> <cstdint> <functional> <memory> <optional> <span> <string> <string_view> <vector>
  <handfast/error.hpp>)

function(handfast_precompile target)
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_link_libraries(${target} PRIVATE handfast_warnings)
  target_precompile_headers(${target} PRIVATE ${ARGN})
endfunction()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
endif()
file(WRITE ${PROJECT_BINARY_DIR}/precompile.cpp "int main() {}\n")
add_library(handfast_pch OBJECT ${PROJECT_BINARY_DIR}/precompile.cpp)
handfast_precompile(handfast_pch ${common_headers})
if(HANDFAST_BUILD_TESTS)
  find_package(GTest REQUIRED)
  add_executable(handfast_test_pch ${PROJECT_BINARY_DIR}/precompile.cpp)
  handfast_precompile(handfast_test_pch ${common_headers} <gtest/gtest.h>)
  target_link_libraries(handfast_test_pch PRIVATE GTest::gtest)
endif()
