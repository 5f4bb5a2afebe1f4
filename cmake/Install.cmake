# What `cmake --install` puts where (GNUInstallDirs): the program, which carries its resources itself, and what a desktop, man(1) and bash ask
# for. The manual page and the completion are written by the program, of the tables that its commands read.

include(GNUInstallDirs)
set(lab_documents ${CMAKE_INSTALL_DATAROOTDIR}/doc/attention-lab)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)  # the tests are not installed, and need not be built for it
set(lab_component org.example.attention_lab)  # AppStream wants a domain turned round; the project has none, and example.org is nobody's
set(ATTENTION_LAB_PICTURES_URL "" CACHE STRING "Where resources/pictures lie on the web, for the screenshots of software centres; none when empty")

set(lab_desktop ${PROJECT_SOURCE_DIR}/resources/desktop)
set(lab_papers ${PROJECT_BINARY_DIR}/papers)
find_program(GZIP gzip REQUIRED)

# CHANGELOG.md begins with the newest version: "## 1.0.0 (2026-12-01)".
file(STRINGS ${PROJECT_SOURCE_DIR}/CHANGELOG.md newest REGEX "^## " LIMIT_COUNT 1)
if(NOT newest MATCHES "^## ([0-9.]+) \\(([0-9-]+)\\)$" OR NOT CMAKE_MATCH_1 STREQUAL PROJECT_VERSION)
    message(FATAL_ERROR "CHANGELOG.md begins with '${newest}', not with '## ${PROJECT_VERSION} (YEAR-MONTH-DAY)'")
endif()
set(lab_released ${CMAKE_MATCH_2})
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md)

# lab_paper(attention-lab.1.gz --man): what the program writes when it is called so, packed where the name says it.
function(lab_paper name option)
    set(written ${lab_papers}/${name})
    string(REGEX REPLACE "\\.gz$" "" plain ${written})
    set(pack "")
    if(NOT plain STREQUAL written)
        set(pack COMMAND ${GZIP} -9nf ${plain})
    endif()
    add_custom_command(OUTPUT ${written} COMMAND ${CMAKE_COMMAND} -E make_directory ${lab_papers}
        COMMAND attention-lab ${option} > ${plain} ${pack} DEPENDS attention-lab VERBATIM)
endfunction()
lab_paper(attention-lab.1.gz --man)
lab_paper(attention-lab.bash --completion)
add_custom_command(OUTPUT ${lab_papers}/changelog.gz COMMAND ${CMAKE_COMMAND} -E make_directory ${lab_papers}
    COMMAND ${GZIP} -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md > ${lab_papers}/changelog.gz DEPENDS ${PROJECT_SOURCE_DIR}/CHANGELOG.md VERBATIM)
add_custom_target(papers ALL DEPENDS ${lab_papers}/attention-lab.1.gz ${lab_papers}/attention-lab.bash ${lab_papers}/changelog.gz)

# The metadata for software centres names the types that the desktop entry opens, and pictures where there is an address for them.
file(READ ${lab_desktop}/attention-lab.desktop entry)
string(REGEX MATCH "MimeType=([^\n]*)" types "${entry}")
set(types ${CMAKE_MATCH_1})
set(MEDIA_TYPES "")
foreach(type IN LISTS types)
    if(type)
        string(APPEND MEDIA_TYPES "    <mediatype>${type}</mediatype>\n")
    endif()
endforeach()
set(RELEASE_DATE ${lab_released})
file(READ ${lab_desktop}/attention-lab.metainfo.xml.in metainfo)
if(NOT ATTENTION_LAB_PICTURES_URL)
    string(REGEX REPLACE "  <screenshots>.*</screenshots>\n" "" metainfo "${metainfo}")
endif()
file(CONFIGURE OUTPUT ${lab_papers}/${lab_component}.metainfo.xml CONTENT "${metainfo}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lab_desktop}/attention-lab.desktop ${lab_desktop}/attention-lab.metainfo.xml.in)

install(TARGETS attention-lab RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${lab_papers}/attention-lab.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${lab_papers}/attention-lab.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME attention-lab)
install(FILES ${lab_papers}/${lab_component}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES ${lab_desktop}/attention-lab.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES ${lab_desktop}/attention-lab.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages)
install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/attention-lab.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(DIRECTORY ${lab_desktop}/icons/ DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/mimetypes)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/resources/help/formats.md ${PROJECT_SOURCE_DIR}/resources/help/http.md
    ${lab_papers}/changelog.gz DESTINATION ${lab_documents})

include(${CMAKE_CURRENT_LIST_DIR}/Package.cmake)
