# The Debian package: cmake --build --preset release --target package_deb writes build/release/attention-lab_VERSION-1_ARCHITECTURE.deb.
# What it depends on is worked out from what the program is linked with, so it fits the Debian it is built on.

find_program(DPKG_DEB dpkg-deb)
if(NOT DPKG_DEB)
    return()
endif()
set(ATTENTION_LAB_MAINTAINER "The Attention Lab authors <attention-lab@example.org>" CACHE STRING "Who answers for the package: NAME <ADDRESS>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME attention-lab)
set(CPACK_PACKAGE_CONTACT ${ATTENTION_LAB_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "laboratory of small transformers and their attention")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Attention Lab trains small transformers on your own computer and shows how
their attention forms: curves and every head's map move while the model learns
to reverse, sort or copy a sequence, or whatever your own pairs of sequences
ask for. Every number can be opened down to the weights, forms of attention are
compared beside each other, grids of settings are swept and reported, and a
course of lessons asks for predictions before it shows what happens.
.
It works offline and needs no Python, no graphics processor and no account.
Every command also works without a display.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS qt6-qpa-plugins)  # Qt loads its platform by name
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-translations-l10n, qt6-wayland")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ffmpeg, dataset-fashion-mnist")
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

# Debian's own two papers.
set(lab_debian ${PROJECT_BINARY_DIR}/papers/debian)
file(READ ${PROJECT_SOURCE_DIR}/LICENSE licence)
string(REGEX MATCH "Copyright \\(c\\) [^\n]*" copyright "${licence}")
string(REPLACE "Copyright (c) " "" copyright "${copyright}")
string(REGEX REPLACE "^.*Copyright[^\n]*\n\n" "" licence "${licence}")
string(REGEX REPLACE "\n+$" "" licence "${licence}")
string(REPLACE "\n" "\n " licence "${licence}")
string(REPLACE "\n \n" "\n .\n" licence "${licence}")
file(CONFIGURE OUTPUT ${lab_debian}/copyright CONTENT
"Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Attention Lab

Files: *
Copyright: @copyright@
License: Expat

License: Expat
 @licence@
" @ONLY)
execute_process(COMMAND date -u -R -d ${lab_released} OUTPUT_VARIABLE released OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(CONFIGURE OUTPUT ${lab_debian}/changelog.Debian CONTENT
"attention-lab (@PROJECT_VERSION@-@CPACK_DEBIAN_PACKAGE_RELEASE@) unstable; urgency=medium

  * Version @PROJECT_VERSION@; what is new stands in changelog.gz.

 -- @ATTENTION_LAB_MAINTAINER@  @released@
" @ONLY)
execute_process(COMMAND ${GZIP} -9nfk ${lab_debian}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
install(FILES ${lab_debian}/copyright ${lab_debian}/changelog.Debian.gz DESTINATION ${lab_documents})

include(CPack)
add_custom_target(package_deb COMMAND ${CMAKE_CPACK_COMMAND} -G DEB DEPENDS attention-lab papers USES_TERMINAL VERBATIM)
