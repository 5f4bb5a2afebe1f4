#include "ui/pages/incontext/dictionary_words.h"

#include <QCoreApplication>

#include "ui/widgets/format.h"

namespace lab {
namespace {

struct DictionaryWords {
    Q_DECLARE_TR_FUNCTIONS(DictionaryWords)
};

}  // namespace

QString dictionaryName(DictionaryKind kind) {
    switch (kind) {
        case DictionaryKind::none:
            return DictionaryWords::tr("nothing");
        case DictionaryKind::context:
            return DictionaryWords::tr("in the context");
        case DictionaryKind::attended:
            return DictionaryWords::tr("attended");
        case DictionaryKind::standing:
            break;
    }
    return DictionaryWords::tr("standing");
}

Role dictionaryRole(DictionaryKind kind) {
    constexpr Role roles[] = {Role::series1, Role::series2, Role::series4, Role::series3};
    return roles[static_cast<std::size_t>(kind)];
}

DictionaryMeasureWords dictionaryMeasureWords(DictionaryMeasure measure) {
    switch (measure) {
        case DictionaryMeasure::kept:
            return {
                DictionaryWords::tr("kept"), DictionaryWords::tr("multiply-adds an answer, the dictionary kept from text to text, log"),
                DictionaryWords::tr("Accuracy against the multiply-adds of one answer, when keys and values, or vectors, of the dictionary "
                                    "are kept from text to text")};
        case DictionaryMeasure::anew:
            return {
                DictionaryWords::tr("read anew"), DictionaryWords::tr("multiply-adds an answer, the dictionary read for each text, log"),
                DictionaryWords::tr("Accuracy against the multiply-adds of one answer, when the dictionary is read again for every text")};
        case DictionaryMeasure::memory:
            break;
    }
    return {
        DictionaryWords::tr("memory"), DictionaryWords::tr("KiB that are kept of the dictionary, log"),
        DictionaryWords::tr("Accuracy against the memory that keys and values, or vectors, of the dictionary take; nothing takes none")};
}

double measured(const DictionaryCost& cost, DictionaryMeasure measure) {
    switch (measure) {
        case DictionaryMeasure::kept:
            return cost.answer;
        case DictionaryMeasure::anew:
            return cost.unkept();
        case DictionaryMeasure::memory:
            break;
    }
    return cost.kept / 1024;
}

QString multiplyAdds(double count) {
    return compact(count);
}

QString kibibytes(double bytes) {
    return bytes > 0 ? DictionaryWords::tr("%1 KiB").arg(fixed(bytes / 1024, bytes < 10240 ? 1 : 0)) : QStringLiteral("\u2013");
}

}  // namespace lab
