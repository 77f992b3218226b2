# One folder of src/ = one layer = two targets:
#   handfast_<layer>_objects  OBJECT library, part of the one installed library
#   handfast_<layer>          STATIC library for unit tests: it links only the layers below,
#                             so that an upward call fails to link there.
#
# handfast_layer(<name> [BELOW layer...] [LIBRARIES external...])
# Every .cpp file of the calling folder (and its sub-folders) belongs to the layer.
function(handfast_layer name)
  cmake_parse_arguments(LAYER "" "" "BELOW;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  add_library(handfast_${name}_objects OBJECT ${sources})
  target_include_directories(handfast_${name}_objects
    PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(handfast_${name}_objects PRIVATE handfast_warnings ${LAYER_LIBRARIES})

  if(HANDFAST_PCH)
    target_precompile_headers(handfast_${name}_objects REUSE_FROM handfast_pch)
  endif()

  add_library(handfast_${name} STATIC $<TARGET_OBJECTS:handfast_${name}_objects>)
  target_include_directories(handfast_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(handfast_${name} PUBLIC ${LAYER_LIBRARIES})
  foreach(below IN LISTS LAYER_BELOW)
    target_link_libraries(handfast_${name} PUBLIC handfast_${below})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY HANDFAST_LAYERS ${name})
endfunction()

# handfast_test(<name> [LABELS label...] [LINK target...] SOURCES file...)
# A GoogleTest program, registered with CTest as one test per program. If every test in it was skipped, and none failed,
# CTest reports it as skipped.
function(handfast_test name)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LABELS;LINK;SOURCES" ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${name} ${TEST_SOURCES})
  foreach(source IN LISTS TEST_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
    set_property(GLOBAL APPEND PROPERTY HANDFAST_TEST_SOURCES ${source})
  endforeach()
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(${name} PRIVATE handfast_warnings ${TEST_LINK} GTest::gtest GTest::gtest_main)
  # g++ 12 sees overruns in its own std::string, too, in the long functions of tests (GCC bug 105329).
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds -Wno-stringop-overread>)
  if(HANDFAST_PCH)
    target_precompile_headers(${name} REUSE_FROM handfast_test_pch)
  endif()
  target_compile_definitions(${name} PRIVATE
    HANDFAST_VECTORS="${HANDFAST_VECTORS}" HANDFAST_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}" TIMEOUT ${TEST_TIMEOUT}
    SKIP_REGULAR_EXPRESSION "\\[  PASSED  \\] 0 tests\\.\n(\\[  SKIPPED \\] [^\n]*\n?)+$")
endfunction()
