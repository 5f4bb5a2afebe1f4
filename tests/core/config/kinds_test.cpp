#include <QTest>
#include <cmath>

#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"

using namespace lab;

namespace {

const std::string scalingSection = "model.position.rope.scaling.";

const FieldInfo* fieldAt(const std::string& path) {
    const auto& table = fieldTable();
    const auto found = std::ranges::find(table, path, &FieldInfo::path);
    return found == table.end() ? nullptr : &*found;
}

RopeConfig ropeOf(double base) {
    RopeConfig rope;
    rope.base = base;
    return rope;
}

/// A row for each enumerator, and no name twice.
template <class E>
void namesAreFound() {
    for (std::size_t i = 0; i < namesOf<E>().size(); ++i) {
        QCOMPARE(fromName<E>(namesOf<E>()[i]), std::optional(static_cast<E>(i)));
        QCOMPARE(specOf(static_cast<E>(i)).name, namesOf<E>()[i]);
    }
}

}  // namespace

/// What the rows of the model's and the training's kinds promise those who ask them.
class KindsTest : public QObject {
    Q_OBJECT

private slots:
    void enumeratorsFindTheirRows() {
        namesAreFound<Architecture>();
        namesAreFound<KernelKind>();
        namesAreFound<PositionKind>();
        namesAreFound<NormKind>();
        namesAreFound<NormPlacement>();
        namesAreFound<OutputKind>();
        namesAreFound<Initialisation>();
        namesAreFound<RopePairing>();
        QVERIFY(specOf(PositionKind::learned).learnedTable && specOf(PositionKind::rope).rotates &&
                specOf(PositionKind::alibi).biasesScores && specOf(PositionKind::relative_bias).biasTable);
        QVERIFY(specOf(Architecture::encoder_decoder).twoSides() && !specOf(Architecture::encoder).decoder);
    }

    void aChoicesHelpNamesEveryChoice() {
        for (const FieldInfo& field : fieldTable()) {
            if (field.kind != FieldKind::choice || field.path == scalingSection + "kind") continue;
            for (const std::string& choice : field.choices)
                if (choice != "full" && choice != "pairs")
                    QVERIFY2(field.help.english().find(choice + ":") != std::string::npos,
                             qPrintable(QString::fromStdString(field.path + " " + choice)));
        }
    }

    void aScalingsKeysApplyWithItAlone() {
        for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
            Experiment e;
            e.model.position.kind = PositionKind::rope;
            e.model.position.rope.scaling.kind = Kind<RopeScalingSpec>(*scaling);
            for (const std::string_view key : scaling->keys) QVERIFY(fieldAt(scalingSection + std::string(key)));
            for (const FieldInfo& field : fieldTable()) {
                if (!field.path.starts_with(scalingSection) || field.path == scalingSection + "kind") continue;
                QCOMPARE(field.isApplicable(e), scaling->uses(field.path.substr(scalingSection.size())));
            }
            e.model.position.kind = PositionKind::sinusoidal;
            QVERIFY(!fieldAt(scalingSection + "kind")->isApplicable(e));
        }
    }

    void whatIsStretchedIsValid() {
        Experiment e;
        e.model.position.kind = PositionKind::rope;
        for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
            e.model.position.rope = ropeStretchedBy(*scaling, ropeOf(10000), e.model.headDim(), 16, 4);
            validate(resolved(e));
            const RopeFrequencies frequencies = scaling->frequencies(e.model.position.rope, e.model.headDim(), 64);
            QCOMPARE(frequencies.theta.size(), static_cast<std::size_t>(e.model.headDim() / 2));
            // Nothing turns faster than before, and the last pair is slowed by the whole factor.
            const std::vector<double> plain = plainFrequencies(10000, e.model.headDim());
            for (std::size_t p = 0; p < plain.size(); ++p) QVERIFY(frequencies.theta[p] <= plain[p] * (1 + 1e-12));
            const double slowed = scaling->keys.empty() ? 1 : 4;
            QVERIFY(std::abs(frequencies.theta.back() * slowed / plain.back() - 1) < 1e-9);
        }
    }

    void whatHasNoFormulaIsNotStretched() {
        for (const RopeScalingSpec* scaling : RopeScalingSpec::table()) {
            QCOMPARE(canStretch(*scaling, ropeOf(10000), 2),
                     scaling->name != "ntk" && scaling->name != "dynamic" && scaling->name != "longrope");
            QCOMPARE(canStretch(*scaling, ropeOf(1), 8), scaling->name != "yarn");
            QVERIFY(canStretch(*scaling, ropeOf(10000), 8));
        }
    }

    void warmUpIsOfSchedulesThatRise() {
        const Parameters fifty{{"warmup_steps", 50}};
        for (const ScheduleSpec* schedule : ScheduleSpec::table()) {
            int top = 1;
            for (int t = 2; t <= 1000; ++t)
                if (schedule->rate(1.0, {fifty, t, 1000, 32}) > schedule->rate(1.0, {fifty, top, 1000, 32})) top = t;
            QCOMPARE(warmupSteps(*schedule, fifty, 1000), top > 1 ? top : 0);
            Experiment e;
            e.training.schedule.kind = Kind<ScheduleSpec>(*schedule);
            const bool counted = fieldAt("training.schedule.warmup_steps")->isApplicable(e);
            QCOMPARE(counted, top == 50);
            QCOMPARE(warmupSteps(*schedule, {}, 1000) == 5, counted);
            Parameters numbers = fifty;
            limitWarmup(*schedule, numbers, 20);
            QCOMPARE(numbers == Parameters({{"warmup_steps", 20}}), counted);
            limitWarmup(*schedule, numbers, 30);
            QCOMPARE(numbers == Parameters({{"warmup_steps", 20}}), counted);
        }
    }
};

QTEST_APPLESS_MAIN(KindsTest)
#include "kinds_test.moc"
