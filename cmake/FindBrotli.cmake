# libbrotli, which installs no CMake package: targets Brotli::Encoder and Brotli::Decoder.
find_path(Brotli_INCLUDE_DIR brotli/decode.h)
find_library(Brotli_ENCODER_LIBRARY brotlienc)
find_library(Brotli_DECODER_LIBRARY brotlidec)
find_library(Brotli_COMMON_LIBRARY brotlicommon)
mark_as_advanced(Brotli_INCLUDE_DIR Brotli_ENCODER_LIBRARY Brotli_DECODER_LIBRARY Brotli_COMMON_LIBRARY)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Brotli
  REQUIRED_VARS Brotli_ENCODER_LIBRARY Brotli_DECODER_LIBRARY Brotli_COMMON_LIBRARY Brotli_INCLUDE_DIR)
if(Brotli_FOUND)
  foreach(part Encoder Decoder)
    if(NOT TARGET Brotli::${part})
      string(TOUPPER ${part} upper)
      add_library(Brotli::${part} UNKNOWN IMPORTED)
      set_target_properties(Brotli::${part} PROPERTIES IMPORTED_LOCATION ${Brotli_${upper}_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES ${Brotli_INCLUDE_DIR} INTERFACE_LINK_LIBRARIES ${Brotli_COMMON_LIBRARY})
    endif()
  endforeach()
endif()
