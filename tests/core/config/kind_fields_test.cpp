#include <QTest>

#include "core/base/errors.h"
#include "core/config/field_list.h"

using namespace lab;

namespace {

constexpr ParameterSpec size{"size", LAB_TEXT("test", "How many."), {1, 9}, 3.0};
constexpr ParameterSpec sizes[] = {size};
constexpr ParameterSpec sizeAndRate[] = {size, {"rate", LAB_TEXT("test", "How fast."), {0, 1}, std::nullopt, false, "pace"}};

struct Shape {
    std::string_view name;
    SourceText help;
    std::span<const ParameterSpec> parameters;

    static std::span<const Shape* const> table() {
        static constexpr Shape dot{"dot", {}, {}};
        static constexpr Shape ring{"ring", LAB_TEXT("test", "a circle"), sizes};
        static constexpr Shape wheel{"wheel", LAB_TEXT("test", "one that turns"), sizeAndRate};
        static constexpr const Shape* rows[] = {&dot, &ring, &wheel};
        return rows;
    }
};

/// Stands for the part of an experiment that has a kind and its numbers.
struct Chosen {
    Kind<Shape> kind;
    Parameters numbers;
};
Chosen chosen;

std::vector<FieldInfo> fields() {
    chosen = {};
    FieldList list;
    list.add("task.shape", [](auto&) -> auto& { return chosen.kind; }, {.help = LAB_TEXT("test", "?")});
    list.addParameters(
        "task", [](auto&) -> auto& { return chosen.kind; }, [](auto&) -> auto& { return chosen.numbers; });
    return list.take();
}

const FieldInfo& named(const std::vector<FieldInfo>& all, std::string_view path) {
    return *std::ranges::find(all, path, &FieldInfo::path);
}

}  // namespace

/// A kind's names, and the numbers that its rows declare, become fields like any other.
class KindFieldsTest : public QObject {
    Q_OBJECT

private slots:
    void aKindIsAChoiceOfTheTablesNames() {
        const auto all = fields();
        const FieldInfo& shape = named(all, "task.shape");
        QCOMPARE(shape.kind, FieldKind::choice);
        QCOMPARE(shape.choices, (std::vector<std::string>{"dot", "ring", "wheel"}));
        QCOMPARE(shape.defaultText(), std::string("dot"));
        Experiment e;
        shape.setText(e, "ring");
        QVERIFY(chosen.kind == Kind<Shape>("ring"));
        QCOMPARE(shape.text(e), std::string("ring"));
        QVERIFY_THROWS_EXCEPTION(InputError, shape.setText(e, "square"));
        QVERIFY(chosen.kind == Kind<Shape>("ring"));
    }

    void everyDeclaredNumberIsOneField() {
        const auto all = fields();
        QCOMPARE(all.size(), std::size_t{3});
        const FieldInfo& size = named(all, "task.size");
        QCOMPARE(size.kind, FieldKind::integer);
        QCOMPARE(size.help.english(), std::string("How many."));
        QCOMPARE(size.limits.max, 9.0);
        QCOMPARE(size.label, std::string("size"));
        QCOMPARE(size.group, std::string("task"));
        QCOMPARE(named(all, "task.rate").kind, FieldKind::real);
        QCOMPARE(named(all, "task.rate").label, std::string("pace"));
    }

    void aNumberAppliesWhereTheRowHasIt() {
        const auto all = fields();
        const FieldInfo &size = named(all, "task.size"), &rate = named(all, "task.rate");
        const Experiment e;
        QVERIFY(!size.isApplicable(e) && !rate.isApplicable(e));
        chosen.kind = "ring";
        QVERIFY(size.isApplicable(e) && !rate.isApplicable(e));
        chosen.kind = "wheel";
        QVERIFY(size.isApplicable(e) && rate.isApplicable(e));
    }

    void theStandardHoldsUntilAValueIsGiven() {
        const auto all = fields();
        const FieldInfo& size = named(all, "task.size");
        Experiment e;
        QCOMPARE(size.text(e), std::string("3"));
        QVERIFY(size.isDefault(e));
        size.setText(e, "5");
        QCOMPARE(chosen.numbers[sizes[0]], 5.0);
        QCOMPARE(size.text(e), std::string("5"));
        QVERIFY(!size.isDefault(e));
        QVERIFY_THROWS_EXCEPTION(InputError, size.setText(e, "2.5"));
        size.put(e, FieldValue());
        QCOMPARE(size.text(e), std::string("3"));
    }

    void aNumberWithoutAStandardHasToBeGiven() {
        const auto all = fields();
        const FieldInfo& rate = named(all, "task.rate");
        Experiment e;
        chosen.kind = "wheel";
        QVERIFY(rate.isMissing(e));
        rate.setText(e, "0.25");
        QVERIFY(!rate.isMissing(e));
        QCOMPARE(rate.text(e), std::string("0.25"));
        rate.setText(e, "");
        QVERIFY(rate.isMissing(e));
    }

    void theHelpOfAChoiceNamesItsRows() {
        QCOMPARE(kindHelp<Shape>(LAB_TEXT("test", "What is drawn.")).english(),
                 std::string("What is drawn. ring: a circle; wheel: one that turns."));
    }
};

QTEST_APPLESS_MAIN(KindFieldsTest)
#include "kind_fields_test.moc"
