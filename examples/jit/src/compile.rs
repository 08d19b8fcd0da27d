//! The compiler's side of the records: generated handles load and store their fields.

use std::error::Error;
use std::fmt;
use std::ptr::NonNull;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{types, AbiParam, Block, InstBuilder, MemFlagsData, Signature, Value};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::Context;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::Module;

use toy_bindings::toy::VMContext;
use toy_bindings::toy_cranelift::{Handles, VMContextHandles, VMContextRegions};
use toy_bindings::toy_offsets::VMContextOffsets;

use crate::language::{Expression, Operator, Program, Statement};

/// How a run of a program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    OutOfFuel,
    OutOfBounds,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Done => "done",
            Self::OutOfFuel => "out of fuel",
            Self::OutOfBounds => "an index out of bounds",
        })
    }
}

/// A compiled program.
pub struct Code {
    module: Option<JITModule>,
    entry: unsafe extern "C" fn(NonNull<VMContext>) -> i32,
}

impl Code {
    /// Runs it.
    ///
    /// # Safety
    ///
    /// The context must have the offsets that the program was compiled for.
    pub unsafe fn call(&self, context: NonNull<VMContext>) -> Outcome {
        // SAFETY: the module has it as long as `self` is there; the rest is the caller's.
        match unsafe { (self.entry)(context) } {
            0 => Outcome::Done,
            1 => Outcome::OutOfFuel,
            _ => Outcome::OutOfBounds,
        }
    }
}

impl Drop for Code {
    fn drop(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: nothing of it runs.
            unsafe { module.free_memory() };
        }
    }
}

/// Compiles a program for contexts with these offsets.
pub fn compile(program: &Program, offsets: &VMContextOffsets) -> Result<Code, Box<dyn Error>> {
    let mut flags = settings::builder();
    flags.set("opt_level", "speed")?;
    let isa = cranelift_native::builder()?.finish(settings::Flags::new(flags))?;
    let builder = JITBuilder::with_isa(isa, cranelift_module::default_libcall_names());
    let mut module = JITModule::new(builder);

    let context = Handles::of_isa(module.isa())?.vm_context();
    let pointer = module.isa().pointer_type();
    let mut entry = module.make_signature();
    entry.params.push(AbiParam::new(pointer));
    entry.returns.push(AbiParam::new(types::I32));
    let mut print = module.make_signature();
    print.params.push(AbiParam::new(pointer));
    print.params.push(AbiParam::new(types::I64));

    let mut made = Context::new();
    made.func.signature = entry;
    let mut builders = FunctionBuilderContext::new();
    let regions = context.with_counts(*offsets.counts())?;
    let builder = FunctionBuilder::new(&mut made.func, &mut builders);
    let frontend = module.isa().frontend_config();
    Function::new(builder, context, regions, print, frontend).body(program)?;

    let id = module.declare_anonymous_function(&made.func.signature)?;
    module.define_function(id, &mut made)?;
    module.finalize_definitions()?;
    let address = module.get_finalized_function(id);
    // SAFETY: it was compiled with this signature.
    let entry = unsafe { std::mem::transmute::<*const u8, _>(address) };
    Ok(Code {
        module: Some(module),
        entry,
    })
}

/// The function that a program becomes: it takes a context, and gives an `Outcome`.
struct Function<'a> {
    builder: FunctionBuilder<'a>,
    context: VMContextHandles,
    regions: VMContextRegions,
    print: Signature,
    frontend: TargetFrontendConfig,
    /// The context's address.
    address: Value,
    exit: Block,
}

impl<'a> Function<'a> {
    fn new(
        mut builder: FunctionBuilder<'a>,
        context: VMContextHandles,
        regions: VMContextRegions,
        print: Signature,
        frontend: TargetFrontendConfig,
    ) -> Self {
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        let address = builder.block_params(entry)[0];
        let exit = builder.create_block();
        builder.append_block_param(exit, types::I32);
        Self {
            builder,
            context,
            regions,
            print,
            frontend,
            address,
            exit,
        }
    }

    fn body(mut self, program: &Program) -> Result<(), Box<dyn Error>> {
        self.statements(&program.statements)?;
        let done = self.builder.ins().iconst(types::I32, 0);
        self.builder.ins().jump(self.exit, &[done.into()]);
        self.builder.switch_to_block(self.exit);
        let outcome = self.builder.block_params(self.exit)[0];
        self.builder.ins().return_(&[outcome]);
        self.builder.seal_all_blocks();
        self.builder.finalize(self.frontend);
        Ok(())
    }

    fn statements(&mut self, statements: &[Statement]) -> Result<(), Box<dyn Error>> {
        statements.iter().try_for_each(|s| self.statement(s))
    }

    fn statement(&mut self, statement: &Statement) -> Result<(), Box<dyn Error>> {
        match statement {
            Statement::Set(variable, value) => {
                let value = self.value(value)?;
                let variable = self.regions.globals().at(*variable)?.value();
                variable.store(&mut self.builder.cursor(), self.address, value)?;
            }
            Statement::Store(index, value) => {
                let place = self.element(index)?;
                let value = self.value(value)?;
                self.builder
                    .ins()
                    .store(MemFlagsData::trusted(), value, place, 0);
            }
            Statement::Print(value) => {
                let value = self.value(value)?;
                let print = self.context.host().pointee().print();
                let print = print.load(&mut self.builder.cursor(), self.address);
                let signature = self.builder.import_signature(self.print.clone());
                let arguments = [self.address, value];
                self.builder
                    .ins()
                    .call_indirect(signature, print, &arguments);
            }
            Statement::While(condition, inside) => {
                let [head, turn, behind] = [(); 3].map(|()| self.builder.create_block());
                self.builder.ins().jump(head, &[]);
                self.builder.switch_to_block(head);
                let condition = self.value(condition)?;
                self.builder.ins().brif(condition, turn, &[], behind, &[]);
                self.builder.switch_to_block(turn);
                self.burn_fuel()?;
                self.statements(inside)?;
                self.builder.ins().jump(head, &[]);
                self.builder.switch_to_block(behind);
            }
        }
        Ok(())
    }

    /// Takes one of fuel, or ends the program if there is none left.
    fn burn_fuel(&mut self) -> Result<(), Box<dyn Error>> {
        let fuel = self.context.store().pointee().fuel();
        let left = fuel.load(&mut self.builder.cursor(), self.address);
        let none = self
            .builder
            .ins()
            .icmp_imm_s(IntCC::SignedLessThan, left, 1);
        self.leave_if(none, Outcome::OutOfFuel);
        let left = self.builder.ins().iadd_imm_s(left, -1);
        fuel.store(&mut self.builder.cursor(), self.address, left)?;
        Ok(())
    }

    /// Ends the program where a condition holds.
    fn leave_if(&mut self, condition: Value, outcome: Outcome) {
        let on = self.builder.create_block();
        let outcome = self.builder.ins().iconst(types::I32, outcome as i64);
        self.builder
            .ins()
            .brif(condition, self.exit, &[outcome.into()], on, &[]);
        self.builder.switch_to_block(on);
    }

    /// The address of a number in the memory, which is there.
    fn element(&mut self, index: &Expression) -> Result<Value, Box<dyn Error>> {
        let index = self.value(index)?;
        let memory = self.context.memory();
        let length = memory
            .length()
            .load(&mut self.builder.cursor(), self.address);
        let count = self.builder.ins().ushr_imm_u(length, 3);
        let outside = IntCC::UnsignedGreaterThanOrEqual;
        let outside = self.builder.ins().icmp(outside, index, count);
        self.leave_if(outside, Outcome::OutOfBounds);
        let base = memory.base().load(&mut self.builder.cursor(), self.address);
        let offset = self.builder.ins().ishl_imm_u(index, 3);
        Ok(self.builder.ins().iadd(base, offset))
    }

    fn value(&mut self, expression: &Expression) -> Result<Value, Box<dyn Error>> {
        Ok(match expression {
            Expression::Number(number) => self.builder.ins().iconst(types::I64, *number),
            Expression::Variable(variable) => {
                let variable = self.regions.globals().at(*variable)?.value();
                variable.load(&mut self.builder.cursor(), self.address)
            }
            Expression::Load(index) => {
                let place = self.element(index)?;
                self.builder
                    .ins()
                    .load(types::I64, MemFlagsData::trusted(), place, 0)
            }
            Expression::Binary(operator, left, right) => {
                let [left, right] = [self.value(left)?, self.value(right)?];
                match operator {
                    Operator::Add => self.builder.ins().iadd(left, right),
                    Operator::Subtract => self.builder.ins().isub(left, right),
                    Operator::Multiply => self.builder.ins().imul(left, right),
                    Operator::Less => {
                        let less = self.builder.ins().icmp(IntCC::SignedLessThan, left, right);
                        self.builder.ins().uextend(types::I64, less)
                    }
                }
            }
        })
    }
}
