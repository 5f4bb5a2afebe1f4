# lab_embed(target presets core/config/presets.h Preset presets): compiles resources/presets/* into the target as the list of
# {name, text} that the header declares.
function(lab_embed target kind header type list)
    set(folder ${PROJECT_SOURCE_DIR}/resources/${kind})
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json ${folder}/*.tsv ${folder}/*.csv ${folder}/*.txt ${folder}/*.md)
    list(SORT files COMPARE NATURAL)  # 2-kv-heads before 10-induction
    set(entries "")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WLE)
        file(READ ${file} json)
        string(APPEND entries "        {\"${name}\", R\"text(${json})text\"},\n")
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${kind}_data.cpp)
    file(GENERATE OUTPUT ${source} CONTENT "#include \"${header}\"

namespace lab {

const std::vector<${type}>& ${list}() {
    static const std::vector<${type}> table = {
${entries}    };
    return table;
}

}  // namespace lab
")
    target_sources(${target} PRIVATE ${source})
    # Clang counts what a compiler has to read at least; texts may be longer.
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES COMPILE_OPTIONS
        $<$<CXX_COMPILER_ID:Clang>:-Wno-overlength-strings>)
endfunction()

# lab_code(target): compiles resources/code/LANGUAGE/* into the target, and as language "cpp" what stands in our own sources between
# "// code: STAGES" and "// end code", so that what is shown is what runs.
function(lab_code target)
    file(GLOB files CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/resources/code/*/*.py)
    list(SORT files)
    set(entries "")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        get_filename_component(language ${file} DIRECTORY)
        get_filename_component(language ${language} NAME)
        file(READ ${file} text)
        string(APPEND entries "        {\"${language}\", \"${name}\", R\"code(${text})code\"},\n")
    endforeach()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/*.cpp ${PROJECT_SOURCE_DIR}/core/*.h)
    list(FILTER sources EXCLUDE REGEX "/explain/code")  # which speak of the marks themselves
    foreach(source ${sources})
        file(READ ${source} text)
        string(FIND "${text}" "// code: " at)
        if(at EQUAL -1)
            continue()
        endif()
        list(APPEND files ${source})
        file(RELATIVE_PATH name ${PROJECT_SOURCE_DIR} ${source})
        set(regions "")
        while(NOT at EQUAL -1)
            string(SUBSTRING "${text}" ${at} -1 text)
            string(FIND "${text}" "// end code" end)
            if(end EQUAL -1)
                message(FATAL_ERROR "${name}: a region of code has no end")
            endif()
            string(SUBSTRING "${text}" 0 ${end} region)
            string(APPEND regions "${region}\n")
            string(SUBSTRING "${text}" ${end} -1 text)
            string(FIND "${text}" "// code: " at)
        endwhile()
        string(APPEND entries "        {\"cpp\", \"${name}\", R\"code(${regions})code\"},\n")
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(written ${CMAKE_CURRENT_BINARY_DIR}/code_data.cpp)
    file(GENERATE OUTPUT ${written} CONTENT "#include \"core/explain/code_texts.h\"

namespace lab::explain {

const std::vector<CodeText>& codeTexts() {
    static const std::vector<CodeText> table = {
${entries}    };
    return table;
}

}  // namespace lab::explain
")
    target_sources(${target} PRIVATE ${written})
endfunction()
