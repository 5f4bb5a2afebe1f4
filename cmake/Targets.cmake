# What every target of ours shares, and how a folder becomes a library.

# On a person's machine a newer compiler's new warning must not stop the build.
set(warnings_are_errors OFF)
if(DEFINED ENV{CI})
    set(warnings_are_errors ON)
endif()
option(ATTENTION_LAB_WERROR "Warnings are errors (the default where CI is set)" ${warnings_are_errors})

add_library(lab_warnings INTERFACE)
target_compile_options(lab_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
    $<$<BOOL:${ATTENTION_LAB_WERROR}>:-Werror>)
# GCC 12 warns falsely of std::string's operator+ (its bug 105651), the more so where its header is precompiled.
target_compile_options(lab_warnings INTERFACE
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>")

# GCC tidies up its memory again and again while it has little of it, which takes a fifth of the time of a page's sources beside their large
# precompiled headers: let it begin at 400 MB (in kB).
add_compile_options("$<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=400000>")

add_library(lab_options INTERFACE)
target_include_directories(lab_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(lab_options INTERFACE EIGEN_DONT_PARALLELIZE $<$<CONFIG:Debug>:EIGEN_INITIALIZE_MATRICES_BY_NAN>)

get_target_property(lab_moc Qt6::moc LOCATION)
set(lab_quick_moc ${PROJECT_BINARY_DIR}/moc.sh)
configure_file(${CMAKE_CURRENT_LIST_DIR}/moc.sh.in ${lab_quick_moc} @ONLY FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
    WORLD_READ WORLD_EXECUTE)

# lab_watch_sources(target): to be called when it has all of its sources. AUTOMOC looks again when one of them has changed, but not (CMake
# 3.25) when the list of them has, and a new Q_OBJECT would miss its vtable: so the list is a source.
function(lab_watch_sources target)
    get_target_property(sources ${target} SOURCES)
    string(REPLACE ";" "\n// " lines "${sources}")
    set(list ${CMAKE_CURRENT_BINARY_DIR}/${target}_sources.h)
    file(CONFIGURE OUTPUT ${list} CONTENT "// ${lines}\n")
    target_sources(${target} PRIVATE ${list})
    set_target_properties(${target} PROPERTIES AUTOMOC_EXECUTABLE ${lab_quick_moc})
endfunction()

# lab_library(core_config core/config DEPENDS core_base ...): all sources of one folder (and its sub-folders); folders see only what they name.
function(lab_library target folder)
    cmake_parse_arguments(ARG "" "" "DEPENDS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${folder}/*.cpp ${PROJECT_SOURCE_DIR}/${folder}/*.h)
    list(FILTER sources EXCLUDE REGEX "\\.inl\\.")
    if(sources)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PUBLIC lab_options ${ARG_DEPENDS} PRIVATE lab_warnings)
        set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
        if(CMAKE_AUTOMOC)
            lab_watch_sources(${target})
        endif()
    else()
        add_library(${target} INTERFACE)
        target_link_libraries(${target} INTERFACE lab_options ${ARG_DEPENDS})
    endif()
endfunction()

# lab_quick_to_compile(target ...): rooms whose loops do not count, or are those of Eigen and of other rooms. Such a room
# reuses precompiled headers only of another one: GCC takes the optimisation from them, whatever the command line says.
function(lab_quick_to_compile)
    foreach(target ${ARGN})
        target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
    endforeach()
endfunction()

# Headers that are parsed once for all sources of a target: more than half of the time a source takes to compile.
set(lab_std_headers <algorithm> <array> <atomic> <chrono> <cmath> <condition_variable> <deque> <filesystem> <functional> <map> <memory> <mutex>
    <numeric> <optional> <ranges> <set> <span> <sstream> <string> <string_view> <thread> <variant> <vector>)
set(lab_core_headers ${lab_std_headers} <QElapsedTimer> <QFuture> <QHash> <QJsonArray> <QJsonObject> <QMap> <QObject> <QPointer> <QString> <QTimer>
    <future>)
set(lab_window_headers ${lab_core_headers} <QApplication> <QComboBox> <QHBoxLayout> <QKeyEvent> <QLabel> <QMenu> <QMouseEvent> <QPainter> <QPainterPath>
    <QScrollArea> <QToolTip> <QVBoxLayout> <QWidget>)

# lab_compile_together(target ...): some files of a target are compiled as one, which costs a fraction of the time that each alone would cost
# (headers, and the templates they bring, are most of it). What is not named in a header has to differ in name within a target.
# -DATTENTION_LAB_TOGETHER=OFF, as in the preset `debug`, compiles each alone: a change of one file is then done sooner.
set(lab_characters_together 120000)
option(ATTENTION_LAB_TOGETHER "Compile several files of a target as one" ON)
function(lab_compile_together)
    foreach(target ${ARGN})
        get_target_property(type ${target} TYPE)
        if(type STREQUAL "INTERFACE_LIBRARY")
            continue()
        endif()
        set_target_properties(${target} PROPERTIES UNITY_BUILD ${ATTENTION_LAB_TOGETHER} UNITY_BUILD_MODE GROUP)
        lab_group_by_size(${target})
        # A source's class with a member of a type of that source only: true of a header, here all of them are included.
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
    endforeach()
endfunction()

# lab_group_by_size(target): neighbours are compiled together, up to so many characters: what headers cost is then shared by many, and the last
# group of a build still ends soon after the others.
function(lab_group_by_size target)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    list(FILTER sources INCLUDE REGEX "\\.cpp$")
    set(group 0)
    set(in_group ${lab_characters_together})
    foreach(source ${sources})
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} OUTPUT_VARIABLE file)
        cmake_path(IS_PREFIX PROJECT_BINARY_DIR ${file} is_made)
        if(is_made)
            continue()  # not there yet
        endif()
        file(SIZE ${file} characters)
        if(in_group GREATER_EQUAL lab_characters_together)
            math(EXPR group "${group} + 1")
            set(in_group 0)
        endif()
        math(EXPR in_group "${in_group} + ${characters}")
        set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${group})
    endforeach()
endfunction()

# lab_compile_apart(ui_pages ui/pages/text/*.cpp ...): files of such a target that name alike what differs.
function(lab_compile_apart target)
    foreach(files ${ARGN})
        file(GLOB apart CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${files})
        set_source_files_properties(${apart} TARGET_DIRECTORY ${target} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endforeach()
endfunction()
