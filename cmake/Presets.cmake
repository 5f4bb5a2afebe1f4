# lab_embed_presets(target): compiles resources/presets/*.json into the target (core/config/presets.h declares them).
function(lab_embed_presets target)
    set(folder ${PROJECT_SOURCE_DIR}/resources/presets)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json)
    list(SORT files)
    set(entries "")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        file(READ ${file} json)
        string(APPEND entries "        {\"${name}\", R\"preset(${json})preset\"},\n")
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/presets_data.cpp)
    file(GENERATE OUTPUT ${source} CONTENT "#include \"core/config/presets.h\"

namespace lab {

const std::vector<Preset>& presets() {
    static const std::vector<Preset> table = {
${entries}    };
    return table;
}

}  // namespace lab
")
    target_sources(${target} PRIVATE ${source})
endfunction()

# lab_embed_comparisons(target): the same for resources/comparisons/*.json (core/config/comparisons.h declares them).
function(lab_embed_comparisons target)
    set(folder ${PROJECT_SOURCE_DIR}/resources/comparisons)
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json)
    list(SORT files)
    set(entries "")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
        file(READ ${file} json)
        string(APPEND entries "        {\"${name}\", R\"comparison(${json})comparison\"},\n")
    endforeach()
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/comparisons_data.cpp)
    file(GENERATE OUTPUT ${source} CONTENT "#include \"core/config/comparisons.h\"

namespace lab {

const std::vector<ComparisonText>& comparisonTexts() {
    static const std::vector<ComparisonText> table = {
${entries}    };
    return table;
}

}  // namespace lab
")
    target_sources(${target} PRIVATE ${source})
endfunction()
