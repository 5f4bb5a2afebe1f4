# lab_embed(target presets core/config/presets.h Preset presets): compiles resources/presets/* into the target as the list of
# {name, text} that the header declares.
function(lab_embed target kind header type list)
    set(folder ${PROJECT_SOURCE_DIR}/resources/${kind})
    file(GLOB files CONFIGURE_DEPENDS ${folder}/*.json ${folder}/*.tsv ${folder}/*.csv)
    list(SORT files)
    set(entries "")
    foreach(file ${files})
        get_filename_component(name ${file} NAME_WE)
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
endfunction()
