#pragma once

#include <map>
#include <set>
#include <string>

#include "core/explain/code_lines.h"

// The program around a walk's stages: the layers that are not in hand as functions of the same lines. Not for others than the explainer's
// own files.

namespace lab::explain {

/// Writes the code of a walk.
class CodeProgram {
public:
    CodeProgram(const CodeLanguage& language, const Walk& walk, const CodeSource& source);

    WalkCode write();

private:
    /// Names of the numbers around the parts of a layer: what part n reads, the stream before it, and after.
    struct Names {
        bool pre;
        bool bare = false;  ///< without norms: a sum is what the next part reads
        std::string of(const char* base, int n) const { return n == 0 ? base : base + text(n); }
        std::string reads(int n) const { return of("x", n); }
        std::string before(int n) const { return pre ? of("z", n) : of("x", n); }
        std::string sum(int n) const { return pre ? of("z", n + 1) : bare ? of("x", n + 1) : of("z", n); }
        bool post() const { return !pre && !bare; }
        std::string normFrom(int n) const { return of("z", n); }
        std::string normTo(int n) const { return pre ? of("x", n) : of("x", n + 1); }
    };
    ContextPtr contextOf(const std::string& block) const;
    CodeWriter writer(const std::string& block) const { return {m_language, contextOf(block)}; }
    Variables partVariables(const Context& c, int n) const;
    Variables finalNorm(const std::string& side, const std::string& from, const std::string& to) const;
    std::string endName(const Context& c) const;
    std::string layerCall(const std::string& side, int layer, const std::string& into) const;
    std::string functionName(const std::string& name) const;
    std::string idsName(bool ofDecoder) const;

    void writeBefore();
    void sideFunction(const std::string& side);
    void layerFunction(const std::string& side, int layer, bool selfAttentionOnly);
    void crossFunction(int layer);
    void function(const std::string& name, const std::string& arguments, const StageCode& body);
    std::string layers(StageCode& to, const std::string& side, int first, int last, std::string from);

    StageCode stageCode(const Stage& stage);
    void input(StageCode& to);
    void later(StageCode& to);
    std::string headName() const;
    void answer(StageCode& to, const std::string& key);
    void part(StageCode& to, const std::string& key, int n);

    // code_back.cpp
    Variables backVariables(const Context& c, int n) const;
    void enterPart(StageCode& to, CodeWriter& w, int n) const;
    void leavePart(StageCode& to, CodeWriter& w, int n);
    CodeWriter reader(const std::string& block, const std::string& function, const std::string& prefix) const;
    void crossBackFunction(int layer);
    void layerBackFunction(int layer);
    void back(StageCode& to, const Stage& stage, const std::string& key, int number);
    void answerBack(StageCode& to, const std::string& key);
    void partsBack(StageCode& to, const std::string& key, int n);
    void laterBack(StageCode& to, const std::string& key, int layer);
    void memoryBack(StageCode& to, const std::string& key, int layer);
    void update(StageCode& to);

    const CodeLanguage& m_language;
    const Walk& m_walk;
    const CodeSource& m_source;
    ContextPtr m_context;
    CodeWriter m_writer;
    Names m_names;
    bool m_two;
    std::string m_before;
    std::map<std::string, std::set<std::string>> m_functions;  ///< what each function gives names to
    std::string m_after;                                       ///< on the way back: the gradient that has come so far
    std::string m_memory;                                      ///< of the encoder's rows, as far as it is added up
};

}  // namespace lab::explain
